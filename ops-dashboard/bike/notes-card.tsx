import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import type { BikeNote, BikeNotes } from '../../contracts/http/bike-page.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'

const longestNote = 500

/** What colleagues tell each other of this bike. */
export function NotesCard({ bikeId }: { readonly bikeId: string }) {
  const { t } = useText()
  const me = useMe()
  const queries = useQueryClient()
  const path = `/v1/staff/bikes/${bikeId}/notes`
  const asked = useQuery<BikeNotes, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<BikeNotes>(opsApi.get<BikeNotes>(path)),
  })
  const lookAgain = () => void queries.invalidateQueries({ queryKey: [path] })
  useDeskEvents((event) => {
    if (event.kind === 'again' || (event.kind === 'bike' && event.bikeId === bikeId)) lookAgain()
  })
  const mayWrite = mayI(me, 'bike.service')
  const [noteId, setNoteId] = useState(newUuid)
  const write = async (text: string): Promise<Refused | null> => {
    const answer = await opsApi.send<BikeNote>(path, { method: 'POST', body: { noteId, text }, gestureKey: noteId })
    lookAgain()
    if (answer.kind === 'refused') return answer
    setNoteId(newUuid())
    return null
  }
  return (
    <section className="card stack" aria-labelledby="bike-notes">
      <h2 id="bike-notes">{t('bikes.notes')}</h2>
      {mayWrite && <NoteForm key={noteId} label={t('bikes.note_new')} button={t('bikes.note_add')} onText={write} />}
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data?.notes.length === 0 && <p className="soft small">{t('bikes.no_notes')}</p>}
      <ul className="stack plain">
        {(asked.data?.notes ?? []).map((note) => (
          <li key={note.noteId}>
            <OneNote
              note={note}
              path={`${path}/${note.noteId}`}
              isOwn={mayWrite && note.by.staffId === me?.staffId}
              mayDelete={mayWrite}
              onChanged={lookAgain}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

function OneNote({
  note,
  path,
  isOwn,
  mayDelete,
  onChanged,
}: {
  readonly note: BikeNote
  readonly path: string
  readonly isOwn: boolean
  readonly mayDelete: boolean
  readonly onChanged: () => void
}) {
  const { t, tag } = useText()
  const [isEditing, setEditing] = useState(false)
  const [isSure, setSure] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const send = async (method: 'PUT' | 'DELETE', body?: object): Promise<Refused | null> => {
    const answer = await opsApi.send<BikeNote>(path, { method, ...(body === undefined ? {} : { body }) })
    onChanged()
    return answer.kind === 'refused' ? answer : null
  }
  const edit = async (text: string) => {
    const no = await send('PUT', { text })
    if (no === null) setEditing(false)
    return no
  }
  const head = `${note.by.name} · ${formatDay(tag, note.at)}, ${formatClock(tag, note.at)}`
  if (note.text === null) {
    return (
      <p className="small soft">
        {head} · {t('bikes.note_deleted', { name: note.deletedBy ?? '' })}
      </p>
    )
  }
  return (
    <article className="note">
      <p className="small soft">
        {head}
        {note.isEdited && ` · ${t('bikes.edited')}`}
      </p>
      {isEditing ? (
        <NoteForm label={t('bikes.note_edit')} button={t('bikes.note_save')} text={note.text} onText={edit} />
      ) : (
        <p className="said">{note.text}</p>
      )}
      {!isEditing && (
        <div className="row wrap">
          {isOwn && note.editableMs > 0 && (
            <button type="button" className="button quiet small" onClick={() => setEditing(true)}>
              {t('bikes.note_edit')}
            </button>
          )}
          {mayDelete && (
            <button
              type="button"
              className="button quiet small"
              onClick={() => (isSure ? void send('DELETE').then(setRefused) : setSure(true))}
              onBlur={() => setSure(false)}
            >
              {t(isSure ? 'bikes.note_delete_sure' : 'bikes.note_delete')}
            </button>
          )}
        </div>
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
    </article>
  )
}

function NoteForm({
  label,
  button,
  text: first = '',
  onText,
}: {
  readonly label: string
  readonly button: string
  readonly text?: string
  readonly onText: (text: string) => Promise<Refused | null>
}) {
  const id = useId()
  const [text, setText] = useState(first)
  const [isBusy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy || text.trim() === '') return
    setBusy(true)
    setRefused(await onText(text.trim()))
    setBusy(false)
  }
  return (
    <form className="field note-form" onSubmit={(event) => void send(event)}>
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={2}
        maxLength={longestNote}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {refused !== null && <RefusalNotice refused={refused} />}
      <button type="submit" className="button" disabled={isBusy || text.trim() === ''}>
        {button}
      </button>
    </form>
  )
}
