import type { Notes } from './notes';
import { outcomeOf, reasonOf, worstOf } from './outcome';

const MOST_TEXT = 900;

/** Some lines for a chat, without markup. */
export function chatText(notes: Notes): string {
  const lines = [`${notes.release.id}: ${outcomeOf(notes)}`, reasonOf(notes)].filter((line) => line !== undefined);
  return [...lines.map((line) => cut(tame(line))), ...chatDetails(notes)].join('\n');
}

/** What a release brought, a line for each thing. */
export function chatDetails(notes: Notes): readonly string[] {
  const { release, before, commits } = notes;
  const worst = worstOf(notes);
  const lines = [
    `${commits.length === 1 ? '1 commit' : `${commits.length} commits`}${before ? ` since ${before}` : ''}${commits[0] ? `, the newest: ${commits[0].subject}` : ''}`,
    release.schema.migration === 'none'
      ? undefined
      : `schema: ${release.schema.migration} to ${release.schema.version}`,
    worst && `vulnerabilities: ${worst}`,
  ];
  return lines.filter((line) => line !== undefined).map((line) => cut(tame(line)));
}

/**
 * The same as Amazon Q in chat applications, formerly AWS Chatbot, takes it from an SNS topic.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function chatMessage(notes: Notes): string {
  const [title, ...lines] = chatText(notes).split('\n');
  const content = { textType: 'client-markdown', title, description: lines.join('\n') };
  return JSON.stringify({ version: '1.0', source: 'custom', id: notes.release.id, content });
}

/** Nobody is called and nothing is linked by what a commit says. */
function tame(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[<>]/g, '')
    .replace(/@(?=\w)/g, '@\u200b');
}

function cut(line: string): string {
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT - 1)}…` : line;
}
