import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/**
 * Call another function and wait for its answer.
 *
 * @throws Error with what the function threw
 */
export async function invoke<T>(lambda: LambdaClient, functionName: string, payload: object): Promise<T> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }),
  );
  const text = Payload?.transformToString() ?? '';
  if (FunctionError) throw new Error(`${functionName}: ${messageOf(text)}`);
  return JSON.parse(text) as T;
}

/** A function that threw answers `{ errorType, errorMessage }`. */
function messageOf(text: string): string {
  try {
    return JSON.parse(text).errorMessage ?? text;
  } catch {
    return text;
  }
}
