/**
 * What endpoints are known not to do, by the name of the fact: it is expected to fail there, and a fact that comes to
 * hold fails the suite until it is taken off the list.
 */
export const DIVERGENCES: Record<string, Record<string, string>> = {
  localstack: {
    'and cannot be, for want of the target, goes to the dead-letter queue with the reason':
      'has no dead-letter queues for targets',
    'and is not permitted goes to the dead-letter queue with the reason':
      'has no dead-letter queues for targets, and permits everything',
    'in a batch each entry has its own outcome, and the answer is a success':
      'names the shape instead of the code, and words it as for a single message',
    'a batch of two with one id fails as a whole': 'does not say which id',
    'in a batch each entry has its own outcome': 'takes the fault of a wrong handle on itself',
    'is ended at its time-out': 'says it as AWS did until 2025',
    'is made with physical names of its own, and gives its outputs': 'adds eight characters to a name',
    'is rolled back when a resource fails, and says which and why':
      'makes a queue whatever its visibility time-out',
    'of a table that is not there is refused': 'says it as DynamoDB Local',
    'that refers to what it has not is refused': 'takes any template that it can read',
    'without resources is refused': 'takes any template that it can read',
    'with a resource of no type is refused': 'takes any template that it can read',
    'that is a function needs a payload format': 'has no HTTP APIs',
    'that is remembered needs an identity': 'has no HTTP APIs',
    'needs an issuer that tells where its keys are': 'has no HTTP APIs',
    'that a route asks cannot be deleted': 'has no HTTP APIs',
    'that wants tokens needs an authorizer of tokens': 'has no HTTP APIs',
  },
  'dynamodb-local': {
    'of a table that is not there is refused': 'says: Cannot do operations on a non-existent table',
  },
};
