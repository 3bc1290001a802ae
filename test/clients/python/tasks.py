"""A Celery application whose broker is SQS. What a task was given goes to the queue `done`."""

import os

import boto3
from celery import Celery

endpoint = os.environ["AWS_ENDPOINT_URL"]
app = Celery("tasks", broker=endpoint.replace("http://", "sqs://test:test@"))
app.conf.update(
    broker_transport_options={
        "region": os.environ["AWS_REGION"],
        "visibility_timeout": 2,
        "wait_time_seconds": 1,
        "polling_interval": 0.1,
        "is_secure": False,
    },
    task_acks_late=True,
    worker_hijack_root_logger=False,
)


def done(text):
    sqs = boto3.client("sqs", endpoint_url=endpoint)
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="done")["QueueUrl"], MessageBody=text)


@app.task
def add(x, y):
    done(f"sum {x + y}")


@app.task(bind=True, max_retries=1, default_retry_delay=1)
def stubborn(self):
    done(f"try {self.request.retries}")
    if self.request.retries == 0:
        raise self.retry()
