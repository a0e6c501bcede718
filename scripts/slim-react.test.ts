import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { slimmed } from './slim-react.ts'

const path = new URL('../node_modules/react-dom/cjs/react-dom-client.production.js', import.meta.url)
const code = readFileSync(path, 'utf8')

describe('react-dom without what we do not use', () => {
  it('still draws pages, and takes none over', () => {
    const slim = slimmed(code)
    expect(slim).toContain('exports.createRoot')
    expect(slim).not.toContain('exports.hydrateRoot')
    expect(slim).not.toMatch(/\b(isHydrating|shouldStartViewTransition)\b(?!\$)/)
  })
  it('is not built from a version that is written otherwise', () => {
    expect(() => slimmed(code.replace(/isHydrating/g, 'renamed'))).toThrow('is it a new version?')
  })
})
