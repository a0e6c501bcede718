import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { definitions } from './http/numbers.ts'

it('a figure is defined once: the page tells the same as the contract', () => {
  const file = new URL('../ui-kit/i18n/en/numbers.json', import.meta.url)
  const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  for (const [figure, definition] of Object.entries(definitions)) {
    expect(texts[`numbers.help.${figure}`], figure).toBe(definition)
  }
})
