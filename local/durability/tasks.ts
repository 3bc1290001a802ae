/** Work that was accepted and is not done: a delivery under way, an asynchronous invocation that waits for its retry. */
import type { World } from '../world.ts';

/** Takes a task in and starts it. */
export type Begin<Task> = (task: Task) => void;

interface TaskForm<Task, Stored> {
  store(task: Task): Stored;
  /** Undefined when there is nothing left to do it for. */
  load(stored: Stored): Task | undefined;
}

/** Of the whole process, so that what a world before a reset still does never meets the tasks of the one after. */
let last = 0;

/**
 * Where the world is durable, a task is kept until `run` resolves, and the next process runs it again from its
 * beginning: at least once, in the order of acceptance. `keep` writes the task as it is now.
 */
export function tasks<Task, Stored = Task>(
  { durable }: Pick<World, 'durable'>,
  name: string,
  run: (task: Task, keep: () => void) => Promise<unknown>,
  form?: TaskForm<Task, Stored>,
): Begin<Task> {
  if (!durable) return (task) => void run(task, () => {});
  const shelf = durable.shelf<Task, unknown>(name, form?.store);
  const begin = (key: string, task: Task) =>
    void run(task, () => shelf.put(key, task)).finally(() => shelf.delete(key));
  const left = shelf.records();
  for (const [key] of left) last = Math.max(last, Number(key));

  durable.onceStarted(() => {
    for (const [key, stored] of left) {
      const task = form ? form.load(stored as Stored) : (stored as Task);
      if (task === undefined) shelf.delete(key);
      else begin(key, task);
    }
  });
  return (task) => {
    const key = String(++last);
    shelf.put(key, task);
    begin(key, task);
  };
}
