"""Runs DynamoDB Local from the jars that Maven fetched into DYNAMODB_LOCAL_LIB, where LocalStack would download it."""

import os

from localstack.runtime import hooks


@hooks.on_infra_start(should_load=lambda: "DYNAMODB_LOCAL_LIB" in os.environ)
def run_from_maven():
    from localstack.services.dynamodb import packages, server

    jars = os.environ["DYNAMODB_LOCAL_LIB"]
    installer = packages.DynamoDBLocalPackageInstaller
    installer.install = lambda self, *args, **kwargs: None
    installer.get_java_env_vars = lambda self: {}
    installer.get_ddb_agent_jar_path = lambda self: ""
    as_shipped = server.DynamodbServer._create_shell_command

    def from_jars(self):
        command = as_shipped(self)
        arguments = command[command.index("-jar") + 2 :]
        return [
            "java",
            f"-Xmx{self.heap_size}",
            f"-Djava.library.path={jars}",
            "-cp",
            f"{jars}/*",
            "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
            *arguments,
        ]

    server.DynamodbServer._create_shell_command = from_jars
