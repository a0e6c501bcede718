import { buildApps } from '../../scripts/build-apps.ts'

/** Before the first story: two that run side by side would build the pages under each other. */
export const setup = async (): Promise<void> => void (await buildApps())
