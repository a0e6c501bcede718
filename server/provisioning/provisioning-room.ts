import type { CertificateAuthority } from '../platform/certificate-authority.ts'
import { type Batches, createBatches } from './batches.ts'
import { type Credentials, type CredentialsDeps, openCredentials } from './credentials.ts'

export interface ProvisioningRoom {
  readonly credentials: Credentials
  readonly batches: Batches
}

/** New locks and who may speak for them. */
export async function openProvisioning(
  deps: Omit<CredentialsDeps, 'kick' | 'authority'> & {
    readonly fleet: Parameters<typeof createBatches>[0]['fleet']
    readonly publicUrl: string
    readonly kick?: CredentialsDeps['kick'] | undefined
    readonly authority?: CertificateAuthority | null | undefined
  },
): Promise<ProvisioningRoom> {
  const { kick = () => undefined, authority = null } = deps
  const credentials = await openCredentials({ ...deps, kick, authority })
  return { credentials, batches: createBatches({ ...deps, credentials, hasCertificates: authority !== null }) }
}
