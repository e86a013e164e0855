declare module 'asl-validator' {
  /** @returns what is wrong with a state machine, in words too */
  function validate(
    definition: object,
    options?: { readonly checkPaths?: boolean; readonly checkArn?: boolean },
  ): { readonly isValid: boolean; errorsText(): string };
  export = validate;
}
