import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react'
import { useLocation } from 'wouter'
import type { Found } from '../../contracts/http/desk.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { NavIcon } from '../frame/nav-icon.tsx'
import { opsApi } from '../ops-api.ts'
import { digitsOf } from './fleet-filter.ts'

/**
 * One field for a bike's number (it filters as it is typed), a sticker's code, a lock, a trip or a receipt (Enter asks
 * the server). Enter opens the one that is meant.
 */
export function SearchBox({
  text,
  only,
  fieldRef,
  onText,
  onOpen,
  onDown,
}: {
  readonly text: string
  /** Number of the bike if the typed digits leave one. */
  readonly only: string | null
  readonly fieldRef: RefObject<HTMLInputElement | null>
  readonly onText: (text: string) => void
  readonly onOpen: (bikeNumber: string) => void
  /** Arrow down: on to the list. */
  readonly onDown: () => void
}) {
  const { t, ofCode } = useText()
  const id = useId()
  const [, navigate] = useLocation()
  const [answer, setAnswer] = useState<Refused | 'nothing' | 'asking' | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer is to the text it was asked with
  useEffect(() => setAnswer(null), [text])

  const find = async () => {
    const asked = text.trim()
    if (asked.length < 2) return
    if (only !== null) {
      onOpen(only)
      return
    }
    setAnswer('asking')
    const found = await opsApi.get<Found>(`/v1/staff/find?q=${encodeURIComponent(asked)}`)
    if (found.kind === 'refused') {
      setAnswer(found)
      return
    }
    const [hit] = found.value.hits
    setAnswer(hit === undefined ? 'nothing' : null)
    if (hit?.kind === 'trip' && hit.tripId !== null) navigate(`/trips/${hit.tripId}`)
    else if (hit !== undefined) onOpen(hit.bikeNumber)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') void find()
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      onDown()
    }
    if (event.key === 'Escape' && text !== '') {
      event.preventDefault()
      event.stopPropagation()
      onText('')
    }
  }
  const isName = text.trim().length >= 2 && digitsOf(text) === null
  return (
    <search className="search-box">
      <label htmlFor={id} className="visually-hidden">
        {t('ops.search')}
      </label>
      <NavIcon name="search" />
      <input
        ref={fieldRef}
        id={id}
        type="search"
        autoComplete="off"
        spellCheck={false}
        placeholder={t('ops.search_what')}
        value={text}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKey}
      />
      <p id={`${id}-hint`} className="search-hint small" role="status">
        {answer === 'nothing'
          ? t('ops.search_nothing')
          : answer === 'asking'
            ? t('app.loading')
            : answer !== null
              ? ofCode(`refusal.${answer.code}`, 'refusal.server_fault')
              : isName
                ? t('ops.search_enter')
                : ''}
      </p>
    </search>
  )
}
