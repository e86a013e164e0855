/** What CloudFormation asks. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-requests.html */
export interface ResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
}

export interface ResourceResponse extends Pick<ResourceRequest, 'StackId' | 'RequestId' | 'LogicalResourceId'> {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
}

/**
 * Do some work when a resource is made, and nothing when it is changed or taken away.
 *
 * @returns what CloudFormation is to be told; a failure is an answer too, or the stack would wait for an hour
 */
export async function whenMade(request: ResourceRequest, work: () => Promise<void>): Promise<ResourceResponse> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const about = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: LogicalResourceId };
  if (request.RequestType !== 'Create') return { ...about, Status: 'SUCCESS' };
  try {
    await work();
    return { ...about, Status: 'SUCCESS' };
  } catch (error) {
    return { ...about, Status: 'FAILED', Reason: (error as Error).message };
  }
}

/** @throws Error if it was not taken */
export async function respond({ ResponseURL }: ResourceRequest, response: ResourceResponse): Promise<void> {
  // the URL is signed for an empty content type
  const { ok, status } = await fetch(ResponseURL, {
    ...{ method: 'PUT', body: JSON.stringify(response), headers: { 'content-type': '' } },
  });
  if (!ok) throw new Error(`CloudFormation: expected to take the response, got ${status}`);
}
