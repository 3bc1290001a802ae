/** Who makes a call: carried from the credentials of a request, through every delivery, to the policy that decides. */
export type Principal = (Administrator | UserPrincipal | RoleSession | ServicePrincipal) & {
  /**
   * The service that passes the call on, such as `sqs.eu-west-1.amazonaws.com`: what AWS calls a forward access session.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
   * @default the principal calls itself
   */
  via?: string;
};

/** The owner of the account: the credentials `test`/`test`. May do anything. */
export interface Administrator {
  kind: 'administrator';
  account: string;
  /** `arn:aws:iam::000000000000:root` */
  arn: string;
  userId: string;
}

/** A user of IAM, by a long-lived access key. */
export interface UserPrincipal {
  kind: 'user';
  account: string;
  /** `arn:aws:iam::000000000000:user/NAME` */
  arn: string;
  /** `AIDA…` */
  userId: string;
}

/** Temporary credentials of a role: what a function runs with, and what sts:AssumeRole gives. */
export interface RoleSession {
  kind: 'role';
  account: string;
  /** `arn:aws:sts::000000000000:assumed-role/NAME/SESSION` */
  arn: string;
  /** `AROA…:SESSION` */
  userId: string;
  /** `arn:aws:iam::000000000000:role/NAME` */
  roleArn: string;
}

/** AWS itself, delivering for a resource: EventBridge for a rule, CloudFormation for a stack. */
export interface ServicePrincipal {
  kind: 'service';
  account: string;
  /** `events.amazonaws.com` */
  service: string;
  /** The resource on whose behalf it acts; becomes `aws:SourceArn`. @default none */
  sourceArn?: string;
  arn: string;
}

export const administrator = (account: string): Administrator => ({
  kind: 'administrator',
  account,
  arn: `arn:aws:iam::${account}:root`,
  userId: account,
});

export const servicePrincipal = (account: string, service: string, sourceArn?: string): ServicePrincipal => ({
  kind: 'service',
  account,
  service,
  arn: service,
  ...(sourceArn === undefined ? {} : { sourceArn }),
});
