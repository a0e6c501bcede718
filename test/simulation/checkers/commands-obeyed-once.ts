import { type Checker, violation } from './evidence.ts'

/** No command opens a lock twice, none after its deadline, none of an earlier boot, and none that was never given. */
export const commandsObeyedOnce: Checker = ({ notes, commands }) => {
  const given = new Map(commands.map((command) => [command.command_id, command]))
  const obeyed = new Set<string>()
  return notes.actuations
    .filter(({ attempt }) => attempt === 1)
    .flatMap(({ commandId, lockId, bootId, uptimeMs, atMs }) => {
      const command = commandId === null ? undefined : given.get(commandId)
      const what = `${commandId} moved ${lockId} at ${atMs}`
      if (commandId === null || command === undefined) return [violation('no-unknown-command', what)]
      const wasObeyed = obeyed.has(commandId)
      obeyed.add(commandId)
      const { b, dl, exp } = command.payload
      return [
        ...(wasObeyed ? [violation('no-command-twice', what)] : []),
        ...(uptimeMs > dl || atMs > exp ? [violation('no-command-late', `${what}, ${atMs - exp} ms late`)] : []),
        ...(b === bootId ? [] : [violation('no-command-of-an-earlier-boot', `${what}, meant for boot ${b}`)]),
      ]
    })
}
