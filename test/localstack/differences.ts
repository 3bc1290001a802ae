/** What LocalStack 4.14 cannot do, as far as the shop's template meets it. In words, and more: docs/localstack.md. */

/** Resource types that it accepts and does not make. */
export const NOT_MADE = ['AWS::CloudWatch::Dashboard', 'AWS::Events::Archive'];
