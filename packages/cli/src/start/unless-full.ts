/**
 * Writes a file that the house can do without for a while, and says whether that worked: a disk that
 * is full keeps programs waiting, and must not end who watches over them.
 */
export function unlessFull(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") return false;
    throw error;
  }
}
