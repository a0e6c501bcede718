import { type Checker, violation } from './evidence.ts'

const ended: ReadonlySet<string> = new Set([...['done', 'rejected', 'failed', 'expired', 'unknown', 'cancelled']])

/** What staff asked for has an end, the same as its command has; what was never sent or taken back has none. */
export const wishesEnd: Checker = ({ wishes, commands }) => {
  const given = new Map(commands.map((command) => [command.command_id, command]))
  return wishes.flatMap(({ command_id, state, result_code }) => {
    const command = given.get(command_id)
    const wasSent = command !== undefined
    const mustBeUnsent = state === 'cancelled' || result_code === 'never_sent' || result_code === 'bike_in_use'
    return [
      ...(ended.has(state) ? [] : [violation('wishes-end', `${command_id} is ${state}`)]),
      ...(wasSent && command.state !== state
        ? [violation('wishes-follow-their-command', `${command_id} is ${state}, its command ${command.state}`)]
        : []),
      ...(wasSent === mustBeUnsent
        ? [violation('what-is-called-unsent-is-unsent', `${command_id} is ${state}, ${result_code}`)]
        : []),
    ]
  })
}
