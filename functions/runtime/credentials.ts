/**
 * Takes the place of `@aws-sdk/credential-provider-node` in a function's bundle: Lambda gives a function its role's keys in
 * the environment, so profiles, SSO, containers and web identities need not be bundled.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
