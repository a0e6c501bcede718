import { useId } from 'react'
import { type StaffRole, staffRoles } from '../../contracts/permissions.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

const ordered = [...staffRoles].reverse()

/** A role, and in a sentence what it is. */
export function RoleSelect({
  role,
  crewsOnly = false,
  onChange,
}: {
  readonly role: StaffRole
  readonly crewsOnly?: boolean
  readonly onChange: (role: StaffRole) => void
}) {
  const { t } = useText()
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{t('staff.role')}</label>
      <select
        id={id}
        value={role}
        aria-describedby={`${id}-how`}
        onChange={(event) => onChange(event.target.value as StaffRole)}
      >
        {(crewsOnly ? (['crew'] as const) : ordered).map((one) => (
          <option key={one} value={one}>
            {t(`staff.role.${one}`)}
          </option>
        ))}
      </select>
      <p id={`${id}-how`} className="hint">
        {t(`staff.role.${role}_how`)}
      </p>
    </div>
  )
}
