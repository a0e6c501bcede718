import { readToken } from '../../../contracts/no-coverage-words.ts'
import { type Checker, violation } from './evidence.ts'

/** No motor moved for a command that was never given, nor for one that the lock's own clock says was over. */
export const commandsObeyedOnce: Checker = ({ notes, commands }) => {
  const given = new Map(commands.map((command) => [command.command_id, command]))
  return notes.actuations
    .filter(({ attempt }) => attempt === 1)
    .flatMap(({ commandId, lockId, uptimeMs, atMs }) => {
      if (commandId === null || readToken(commandId) !== null) return []
      const command = given.get(commandId)
      const what = `${commandId} moved ${lockId} at ${atMs}`
      if (command === undefined) return [violation('no-unknown-command', what)]
      return uptimeMs > command.payload.dl ? [violation('no-command-late', what)] : []
    })
}
