"""An environment of a function is a Node process (`runtime.mjs`): one JSON line an invocation on its standard input, the
answers on a pipe of their own, so that nothing a function prints can be taken for one."""

import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import threading
import time

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

RUNTIME = str(pathlib.Path(__file__).with_name("runtime.mjs"))

# What LocalStack says to its own init binary, which is not here.
FOR_LOCALSTACK = (
    "LOCALSTACK_RUNTIME_ID",
    "LOCALSTACK_RUNTIME_ENDPOINT",
    "LOCALSTACK_FUNCTION_ACCOUNT_ID",
    "LOCALSTACK_MAX_PAYLOAD_SIZE",
    "LOCALSTACK_USER",
    "LOCALSTACK_INIT_LOG_LEVEL",
    "LOCALSTACK_POST_INVOKE_WAIT_MS",
)

# Seconds after the answer until what was printed before it has arrived on its own pipe.
LAST_LINES = 0.002


class ProcessExecutor(RuntimeExecutor):
    def __init__(self, id, function_version):
        super().__init__(id, function_version)
        self.process = None
        self.answers = None
        self.environment = {}
        self.printed = []
        self.printing = threading.Lock()

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        port = config.GATEWAY_LISTEN[0].port
        return f"http://127.0.0.1:{port}/_localstack_lambda/{self.id}"

    @classmethod
    def prepare_version(cls, function_version):
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        pass

    @classmethod
    def validate_environment(cls):
        return shutil.which("node") is not None

    def start(self, env_vars):
        function = self.function_version.config
        self.environment = {
            **{name: str(value) for name, value in env_vars.items() if name not in FOR_LOCALSTACK},
            "LAMBDA_TASK_ROOT": str(function.code.get_unzipped_code_location()),
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
            "PATH": os.environ["PATH"],
        }
        self._spawn()

    def stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.answers.close()
        self.process = None

    def invoke(self, payload):
        if self.process is None or self.process.poll() is not None:
            self._spawn()
        request, started = payload["invoke-id"], time.monotonic()
        timeout = int(self.environment["AWS_LAMBDA_FUNCTION_TIMEOUT"])
        with self.printing:
            version = self.environment["AWS_LAMBDA_FUNCTION_VERSION"]
            self.printed = [f"START RequestId: {request} Version: {version}\n"]
        deadline = int(time.time() * 1000) + timeout * 1000
        self.process.stdin.write(json.dumps({**payload, "deadline": deadline}) + "\n")
        self.process.stdin.flush()
        answer = self._answer(timeout)
        milliseconds = (time.monotonic() - started) * 1000
        time.sleep(LAST_LINES)
        output, failed = self._output(answer, request, timeout)
        return InvocationResult(
            request, json.dumps(output).encode(), is_error=failed, logs=self._log(request, milliseconds)
        )

    def get_logs(self):
        with self.printing:
            return "".join(self.printed)

    def _spawn(self):
        self.stop()
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["node", "--enable-source-maps", RUNTIME],
            cwd=self.environment["LAMBDA_TASK_ROOT"],
            env={**self.environment, "ANSWERS_FD": str(write)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(write,),
            start_new_session=True,
            text=True,
            bufsize=1,
        )
        os.close(write)
        self.answers = os.fdopen(read, "r")
        threading.Thread(target=self._collect, args=(self.process,), daemon=True).start()
        answer = self._answer(float(config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT))
        if answer is None or answer["type"] != "ready":
            gone = {"errorType": "Runtime.ExitError", "errorMessage": "Runtime exited during init"}
            self.stop()
            raise StatusErrorException(
                "Environment startup failed", payload=json.dumps((answer or {}).get("error", gone)).encode()
            )

    def _collect(self, process):
        for line in process.stdout:
            with self.printing:
                self.printed.append(line)

    def _answer(self, timeout):
        """The next answer; None when there is none in time."""
        if not select.select([self.answers], [], [], timeout)[0]:
            return None
        line = self.answers.readline()
        return json.loads(line) if line else {"type": "exit"}

    def _output(self, answer, request, timeout):
        """What Lambda answers, and whether the function failed."""
        if answer is None:
            self.stop()
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            return {"errorMessage": f"{now} {request} Task timed out after {timeout}.00 seconds"}, True
        if answer["type"] == "exit":
            status = self.process.wait()
            self.stop()
            message = f"RequestId: {request} Error: Runtime exited with error: exit status {status}"
            return {"errorType": "Runtime.ExitError", "errorMessage": message}, True
        if "error" in answer:
            return answer["error"], True
        return answer.get("result"), False

    def _log(self, request, milliseconds):
        memory = self.environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        with self.printing:
            return "".join(self.printed) + (
                f"END RequestId: {request}\nREPORT RequestId: {request}\tDuration: {milliseconds:.2f} ms\t"
                f"Billed Duration: {int(milliseconds) + 1} ms\tMemory Size: {memory} MB\tMax Memory Used: {memory} MB\n"
            )
