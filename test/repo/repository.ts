import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

const notOurs = new Set(['node_modules', 'dist', 'data', '.cache', '.git'])

/** Every file of the repository as a path from its root, without what is installed, built or recorded. */
export const files: readonly string[] = walk('')

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Code without its comments, so that a sentence about a forbidden word is not taken for its use. */
export function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
}

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (notOurs.has(entry.name)) return []
    return entry.isDirectory() ? walk(path) : [path]
  })
}
