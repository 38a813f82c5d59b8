/** Schemas are compiled when their route is first asked: most are not for days, and all at once they cost 10 MiB and the start. */
import AjvCompiler from '@fastify/ajv-compiler';
import SerializerCompiler from '@fastify/fast-json-stringify-compiler';
import type { FastifyServerOptions } from 'fastify';

type Factories = Required<NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>>;
type Validate = ReturnType<ReturnType<Factories['buildValidator']>>;
type Serialize = ReturnType<ReturnType<Factories['buildSerializer']>>;

const validators = AjvCompiler();
const serializers = SerializerCompiler();

export const compiledOnDemand: Factories = {
  buildValidator: (...options) => {
    const compile = validators(...options);
    return (route) => {
      let validate: Validate | undefined;
      const onDemand = ((data: unknown) => {
        validate ??= compile(route);
        const result = validate(data);
        onDemand.errors = validate.errors ?? null;
        return result;
      }) as Validate;
      return onDemand;
    };
  },
  buildSerializer: (...options) => {
    const compile = serializers(...options);
    return (route) => {
      let serialize: Serialize | undefined;
      return (data) => (serialize ??= compile(route))(data);
    };
  },
};
