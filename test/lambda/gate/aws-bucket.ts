import type { AwsAnswer, AwsCall } from './aws-endpoint';

/** Keys on one page of a listing: few, so that every listing of a test has several. */
const PAGE = 2;

/**
 * The part of S3 that a ledger stands on, in memory: objects by path, conditional puts, listings in pages.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export class Bucket {
  private readonly objects = new Map<string, string>();

  answer = (call: AwsCall): AwsAnswer => {
    const key = call.path.replace(/^\/ledger\/?/, '');
    if (call.method === 'PUT') return this.write(key, call);
    return call.query.get('list-type') === '2' ? this.list(call.query) : this.read(key);
  };

  private write(key: string, { headers, body }: AwsCall): AwsAnswer {
    if (headers['if-none-match'] === '*' && this.objects.has(key)) return s3Error('PreconditionFailed', 412);
    this.objects.set(key, body);
    return { headers: { etag: '"1"' } };
  }

  private read(key: string): AwsAnswer {
    const body = this.objects.get(key);
    return body === undefined
      ? s3Error('NoSuchKey', 404)
      : { body, headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) } };
  }

  private list(query: URLSearchParams): AwsAnswer {
    const prefix = query.get('prefix') ?? '';
    const from = Number(query.get('continuation-token') ?? 0);
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const page = keys.slice(from, from + PAGE).map((key) => `<Contents><Key>${key}</Key></Contents>`);
    const isLast = from + PAGE >= keys.length;
    const next = isLast ? '' : `<NextContinuationToken>${from + PAGE}</NextContinuationToken>`;
    return {
      body: `<ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${page.join('')}${next}</ListBucketResult>`,
    };
  }
}

export function s3Error(code: string, status: number): AwsAnswer {
  return { status, body: `<Error><Code>${code}</Code><Message>${code} of this test</Message></Error>` };
}
