/** Why a folder cannot be used; the message says it to whoever named the folder. */
export class DataFolderError extends Error {
  readonly code = 'DATA_FOLDER';
}
