// The code that a person reads out, in whatever they paste.

/** Six digits at once come before three and three, and these before digits that are further apart. */
const FORMS = [
  /(?<!\d)\d{6}(?!\d)/,
  /(?<!\d)\d{3}[\s\u2010-\u2015-]\d{3}(?!\d)/,
  /(?<!\d)(?:\d[\s\u2010-\u2015-]?){5}\d(?!\d)/,
];

/** The six digits in a text, with or without spaces and hyphens between them; undefined if there are none. */
export function codeIn(text) {
  const found = FORMS.map(form => form.exec(text)).find(Boolean);
  return found?.[0].replaceAll(/\D/g, '');
}
