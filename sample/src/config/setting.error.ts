/** Something in the environment has to be changed before the sample can start; the message says what. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}
