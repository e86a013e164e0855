/** Numbers by which a person is known, or days of theirs: such a column tells of a person whatever its type. */
const NUMBERS = [
  ...[
    'tele?phone',
    'tel',
    'telp',
    'telepon',
    'phones?',
    'mobile',
    'cell',
    'fax',
    'hp',
    'wa',
    'whatsapp',
    'msisdn',
    'imei',
  ],
  ...[
    'ssn',
    'nik',
    'ktp',
    'npwp',
    'nric',
    'fin',
    'passport',
    'paspor',
    'iban',
    'card',
    'cvv',
    'pin',
    'national',
    'tax',
  ],
  ...['birth\\w*', 'born', 'dob', 'lahir', 'lat(itude)?', 'lng', 'lon(gitude)?', 'salary', 'wage', 'gaji', 'income'],
];

/** Words that speak of a person, or of what a person wrote, where the column holds text. */
const WORDS = [
  ...NUMBERS,
  ...['e?_?mails?', 'names?', '(first|last|full|sur|user|nick|given|family|maiden|display)_?name', 'nama', 'initials'],
  ...['address', 'alamat', 'street', 'jalan', 'city', 'kota', 'zip', 'post(al)?(_?code)?', 'maiden', 'mothers?', 'ibu'],
  ...[
    'ip',
    'ip_?addr\\w*',
    'agent',
    'device',
    'pass(word|wd|phrase)?',
    'secret',
    'token',
    'key',
    'hash',
    'salt',
    'session',
  ],
  ...[
    'gender',
    'sex',
    'religion',
    'agama',
    'avatar',
    'photo',
    'foto',
    'signature',
    'user',
    'account',
    'owner',
    'customer',
  ],
  ...[
    'contact',
    'employee',
    'patient',
    'notes?',
    'comments?',
    'message',
    'text',
    'body',
    'bio',
    'subject',
    'description',
  ],
  ...['content', 'title', 'reason', 'url', 'link', 'memo', 'remarks?'],
];

const asWords = (words: readonly string[]) => new RegExp(`(^|_)(${words.join('|')})\\d*(_|$)`, 'i');
const [SPEAKS, COUNTS] = [asWords(WORDS), asWords(NUMBERS)];

/** `mothersMaidenName` → `mothers_Maiden_Name` */
const parted = (column: string) => column.replace(/([a-z])([A-Z])/g, '$1_$2');

export function speaksOfPerson(column: string): boolean {
  return SPEAKS.test(parted(column));
}

/** Of a number, a time or another type that holds no words; `customer` is then a reference. */
export function numbersPerson(column: string): boolean {
  return COUNTS.test(parted(column));
}
