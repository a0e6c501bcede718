import './bike.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { StaffCommand, StaffCommands } from '../../contracts/http/bike-page.ts'
import type { Operation } from '../../contracts/mqtt/commands.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { AskCommand } from './ask-command.tsx'
import { CommandCard } from './command-card.tsx'
import { OpIcon } from './op-icon.tsx'

const operations: readonly Operation[] = ['beep', 'locate', 'selftest', 'reboot', 'lock', 'unlock']
const shownFirst = 3

/** The acts on a lock with what became of them, pushed as it happens. */
export function CommandPanel({
  bikeId,
  number,
  parts = null,
}: {
  readonly bikeId: string
  readonly number: string
  /** Of its lock; null: not known. */
  readonly parts?: readonly string[] | null
}) {
  const { t } = useText()
  const me = useMe()
  const queries = useQueryClient()
  const path = `/v1/staff/bikes/${bikeId}/commands`
  const [asking, setAsking] = useState<Operation | null>(null)
  const [isWhole, setWhole] = useState(false)
  const asked = useQuery<StaffCommands, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<StaffCommands>(opsApi.get<StaffCommands>(path)),
  })
  const lookAgain = () => void queries.invalidateQueries({ queryKey: [path] })
  useDeskEvents((event) => {
    if (event.kind === 'again' || (event.kind === 'command' && event.bikeId === bikeId)) lookAgain()
  })
  const cancel = async (commandId: string): Promise<Refused | null> => {
    const answer = await opsApi.send<StaffCommand>(`${path}/${commandId}/cancel`, { method: 'POST' })
    lookAgain()
    return answer.kind === 'refused' ? answer : null
  }
  const mayAsk = mayI(me, 'bike.command')
  const canClose = parts === null || parts.includes('lock')
  const offered = operations.filter((op) => {
    if (op === 'unlock') return mayI(me, 'bike.unlock')
    return mayAsk && (op !== 'lock' || canClose)
  })
  const commands = asked.data?.commands ?? []
  return (
    <section className="stack lock-acts" aria-label={t('bikes.acts')}>
      {offered.length > 0 && (
        <ul className="act-buttons">
          {offered.map((op) => (
            <li key={op}>
              <button type="button" className="button" onClick={() => setAsking(op)}>
                <OpIcon op={op} /> {t(`bikes.op.${op}`)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data !== undefined && commands.length === 0 && <p className="soft small">{t('bikes.no_commands')}</p>}
      <ul className="stack commands">
        {(isWhole ? commands : commands.slice(0, shownFirst)).map((command, index) => (
          <li key={command.commandId}>
            <CommandCard
              command={command}
              isNewest={index === 0}
              onCancel={mayAsk ? () => cancel(command.commandId) : null}
            />
          </li>
        ))}
      </ul>
      {!isWhole && commands.length > shownFirst && (
        <button type="button" className="button quiet" onClick={() => setWhole(true)}>
          {t('bikes.commands_all', { count: commands.length })}
        </button>
      )}
      {asking !== null && (
        <AskCommand
          key={asking}
          {...{ bikeId, number }}
          op={asking}
          onClose={() => setAsking(null)}
          onAsked={(command) => {
            queries.setQueryData<StaffCommands>([path], (known) => ({
              commands: [command, ...(known?.commands ?? []).filter((one) => one.commandId !== command.commandId)],
            }))
            lookAgain()
          }}
        />
      )}
    </section>
  )
}
