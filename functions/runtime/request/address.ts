/** Reply queues are named so, that the relay may send to them and to no others. */
export const REPLY_QUEUE_PREFIX = 'spillway-replies-';
