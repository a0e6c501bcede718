import { type FormEvent, useId, useState } from 'react'
import { readBikeCode } from '../bike-code.ts'

/** A bike's number or code, typed. A mistyped number is told before anything is sent, by its check digit. */
export function useTypedCode(onCode: (code: string) => void) {
  const id = useId()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<'mistyped_number' | 'not_ours' | null>(null)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const read = readBikeCode(text, 'typed')
    if (read.kind === 'code') onCode(read.code)
    else setWrong(read.kind)
  }
  const field = {
    id,
    value: text,
    onChange: (event: { readonly target: { readonly value: string } }) => {
      setText(event.target.value)
      setWrong(null)
    },
    autoComplete: 'off',
    spellCheck: false,
    'aria-invalid': wrong !== null,
    'aria-describedby': `${id}-help`,
  } as const
  return { id, helpId: `${id}-help`, wrong, isEmpty: text.trim() === '', onSubmit, field, clear: () => setText('') }
}
