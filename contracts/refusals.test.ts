import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { isRefusal, Problem, problemOf, type RefusalCode, refusals, refuse } from './refusals.ts'

const codes = Object.keys(refusals) as RefusalCode[]

describe('a refusal', () => {
  it.each(codes)('%s becomes a problem document with a sentence that ends', (code) => {
    const problem = problemOf(refuse(code, 'because'), 'req-1')
    expect([...Compile(Problem).Errors(problem)]).toEqual([])
    expect(problem).toMatchObject({ code, type: `urn:zwerm:refusal:${code}`, detail: 'because', requestId: 'req-1' })
    expect(problem.title).toMatch(/^[A-Z].*\.$/)
  })

  it('is known by its kind, and nothing else is one', () => {
    expect(isRefusal(refuse('not_found'))).toBe(true)
    for (const other of [null, undefined, 'refusal', { kind: 'other' }, {}]) expect(isRefusal(other)).toBe(false)
  })
})
