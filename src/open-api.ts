import { type ApiParts, apiPorts } from './api-ports.ts';
import { createApi } from './api/create-api.ts';
import { sharedDoctor } from './api/shared-doctor.ts';
import { sharedHistory } from './api/shared-history.ts';
import type { DiagnosedServer } from './diagnose-server.ts';
import type { Api } from './http/api-port.ts';

/** The running parts, and what looking at mirrors needs. */
export type OpenApiParts = Omit<ApiParts, 'doctor'> & Omit<DiagnosedServer, 'config' | 'signal'>;

/** The API over the running parts. Nothing of it is loaded before somebody asks who may. */
export function openApi(parts: OpenApiParts): Api {
  const { config, version } = parts;
  const { doctor, end } = sharedDoctor(async (language, signal) => {
    const { diagnoseServer } = await import('./diagnose-server.ts');
    return diagnoseServer({ ...parts, config: config(), signal }, language);
  });
  const ports = apiPorts({ ...parts, doctor });
  const history = sharedHistory(ports.history);
  const api = createApi({ ...ports, history }, { version, basePath: config().server.basePath });
  return {
    ...api,
    end() {
      end();
      api.end();
    },
  };
}
