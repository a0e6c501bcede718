import { afterEach } from 'vitest'

/** The report names only stories that failed at both tries: why a story needed its second one is said here. */
afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return
  for (const { message, stack } of task.result.errors ?? []) {
    process.stderr.write(`failed at this try: ${task.name}\n${message}\n${stack ?? ''}\n`)
  }
})
