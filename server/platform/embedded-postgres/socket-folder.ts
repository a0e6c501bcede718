import { chmod, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** `pg` builds the file's name from the port, as libpq does: FOLDER/.s.PGSQL.PORT */
export const socketPort = 5432

/** sun_path of sockaddr_un holds 108 bytes on Linux and 104 on macOS, with a closing zero byte. */
const maxSocketPathBytes = 103

/**
 * A folder for the socket that only this account can enter: the one asked for, or a new one in the temporary folder
 * when the path would be too long for a socket's address.
 */
export async function openSocketFolder(wanted: string): Promise<string> {
  const folder = resolve(wanted)
  if (Buffer.byteLength(socketFile(folder)) > maxSocketPathBytes) return await mkdtemp(join(tmpdir(), 'zwerm-'))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  return folder
}

export function socketFile(folder: string): string {
  return join(folder, `.s.PGSQL.${socketPort}`)
}
