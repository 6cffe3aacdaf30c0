import { createBrowserRouter } from 'react-router'
import { Home } from './screens/home/Home'
import { ProjectLayout } from './screens/project/ProjectLayout'
import { ProjectList } from './screens/projects/ProjectList'
import { Crash, NotFound } from './screens/shell/Crash'
import { FirstPaint } from './screens/shell/FirstPaint'
import { Guard } from './screens/shell/Guard'
import { Shell } from './screens/shell/Shell'
import { SignIn } from './screens/sign-in/SignIn'

/** Every screen has an address; what is heavy or rare is fetched when it is opened. */
export const router = createBrowserRouter([
  { path: '/sign-in', Component: SignIn, ErrorBoundary: Crash },
  {
    path: '/invitation',
    ErrorBoundary: Crash,
    HydrateFallback: FirstPaint,
    lazy: async () => ({ Component: (await import('./screens/join/Invitation')).Invitation }),
  },
  {
    path: '/reset',
    ErrorBoundary: Crash,
    HydrateFallback: FirstPaint,
    lazy: async () => ({ Component: (await import('./screens/join/Reset')).Reset }),
  },
  {
    Component: Guard,
    ErrorBoundary: Crash,
    HydrateFallback: FirstPaint,
    children: [
      {
        path: '/label/:projectId',
        lazy: async () => ({ Component: (await import('./screens/workspace/Workspace')).LabelWorkspace }),
      },
      {
        path: '/review/:projectId',
        lazy: async () => ({ Component: (await import('./screens/workspace/Workspace')).ReviewWorkspace }),
      },
      {
        Component: Shell,
        children: [
          { path: '/', Component: Home },
          { path: '/projects', Component: ProjectList },
          {
            path: '/projects/new',
            lazy: async () => ({ Component: (await import('./screens/new-project/NewProject')).NewProject }),
          },
          {
            path: '/projects/import',
            lazy: async () => ({ Component: (await import('./screens/projects/ImportProject')).ImportProject }),
          },
          {
            path: '/projects/:projectId/clone',
            lazy: async () => ({ Component: (await import('./screens/projects/CloneProject')).CloneProject }),
          },
          {
            path: '/projects/:projectId',
            Component: ProjectLayout,
            children: [
              { index: true, lazy: async () => ({ Component: (await import('./screens/project/Overview')).Overview }) },
              { path: 'data', lazy: async () => ({ Component: (await import('./screens/project/Data')).Data }) },
              { path: 'tasks', lazy: async () => ({ Component: (await import('./screens/project/Tasks')).Tasks }) },
              {
                path: 'quality',
                lazy: async () => ({ Component: (await import('./screens/project/Quality')).Quality }),
              },
              {
                path: 'deliveries',
                lazy: async () => ({ Component: (await import('./screens/project/Deliveries')).Deliveries }),
              },
              {
                path: 'settings',
                lazy: async () => ({ Component: (await import('./screens/project/ProjectSettings')).ProjectSettings }),
              },
            ],
          },
          { path: '/datasets', lazy: async () => ({ Component: (await import('./screens/data/Datasets')).Datasets }) },
          {
            path: '/datasets/connections',
            lazy: async () => ({ Component: (await import('./screens/data/Connections')).Connections }),
          },
          {
            path: '/datasets/:datasetId',
            lazy: async () => ({ Component: (await import('./screens/data/DatasetPage')).DatasetPage }),
          },
          { path: '/models', lazy: async () => ({ Component: (await import('./screens/models/Models')).Models }) },
          {
            path: '/models/:modelId',
            lazy: async () => ({ Component: (await import('./screens/models/ModelPage')).ModelPage }),
          },
          { path: '/jobs', lazy: async () => ({ Component: (await import('./screens/jobs/Jobs')).Jobs }) },
          { path: '/audit', lazy: async () => ({ Component: (await import('./screens/audit/Audit')).Audit }) },
          {
            path: '/people',
            lazy: async () => ({ Component: (await import('./screens/people/People')).People }),
          },
          {
            path: '/settings',
            lazy: async () => ({ Component: (await import('./screens/settings/Settings')).Settings }),
            children: [
              { index: true, lazy: async () => ({ Component: (await import('./screens/settings/Profile')).Profile }) },
              {
                path: 'security',
                lazy: async () => ({ Component: (await import('./screens/settings/Security')).Security }),
              },
              { path: 'keys', lazy: async () => ({ Component: (await import('./screens/settings/Keys')).Keys }) },
              {
                path: 'organisation',
                lazy: async () => ({ Component: (await import('./screens/settings/Organisation')).Organisation }),
              },
            ],
          },
          { path: '*', Component: NotFound },
        ],
      },
    ],
  },
])
