// A CDK app whose stack the cloud refuses: SQS takes a visibility timeout of at most twelve hours.
import { App, CfnResource, Stack } from 'aws-cdk-lib';

const app = new App();
const stack = new Stack(app, 'broken');
new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeout: 50_000 } });
app.synth();
