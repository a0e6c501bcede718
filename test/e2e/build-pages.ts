import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Static } from 'typebox'
import type { TestProject } from 'vitest/node'
import type { StaffSession } from '../../contracts/http/staff.ts'
import { newDataDir, type RunningZwerm, removeDataDir, runZwerm } from '../fixtures/running-zwerm.ts'
import type { SharedZwermAddress } from '../fixtures/shared-zwerm.ts'

/**
 * Before the first story: builds the pages (two stories that run side by side would build them under each other) and
 * starts the platform that stories share. The answer ends it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await newDataDir()
  const zwerm = await runZwerm({ dataDir })
  const end = async () => {
    await zwerm.stop()
    await removeDataDir(dataDir)
  }
  try {
    await zwerm.line('the city lives')
    project.provide('zwerm', await addressOf(zwerm))
    return end
  } catch (fault) {
    await end()
    throw fault
  }
}

/** The one-time link of the terminal becomes the session that makes people. */
async function addressOf({ url, dataDir, staffLink }: RunningZwerm): Promise<SharedZwermAddress> {
  const answer = await fetch(`${url}/v1/staff/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link: new URL(staffLink).searchParams.get('link') }),
  })
  if (!answer.ok) throw new Error(`no session at the desk: ${answer.status} ${await answer.text()}`)
  const { token } = (await answer.json()) as Static<typeof StaffSession>
  const merchant = await readFile(join(dataDir, 'payment-sandbox', 'merchant.json'), 'utf8')
  const { gateway } = JSON.parse(merchant) as { gateway: string }
  return { url, dataDir, sandboxUrl: new URL(gateway).origin, adminToken: token }
}
