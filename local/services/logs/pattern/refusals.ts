import { AwsError } from '../../../errors.ts';

const refused = (message: string) => new AwsError('InvalidParameterException', message);

export const invalidPattern = () => refused('Invalid metric filter pattern');
export const invalidCharacters = (term: string) => refused(`Invalid character(s) in term '${term}'`);
