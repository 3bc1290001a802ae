/** CreateResource, GetResource, GetResources, UpdateResource and DeleteResource: the tree of paths. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { Api, Apis, Resource } from './api.ts';
import { badRequest, conflict } from './errors.ts';
import { paged } from './page.ts';

export const managingResources = (apis: Apis) => ({
  CreateResource({ restApiId, parentId, pathPart = '' }: Gateway.CreateResourceCommandInput) {
    const api = apis.at(restApiId);
    const parent = apis.resourceAt(api, parentId);
    checkPart(api, parent, pathPart);
    const resource: Resource = {
      id: apis.newId(6),
      parentId: parent.id,
      pathPart,
      path: `${parent.path === '/' ? '' : parent.path}/${pathPart}`,
      resourceMethods: {},
    };
    api.resources.set(resource.id, resource);
    return shown(resource) satisfies Answer<Gateway.CreateResourceCommandOutput>;
  },

  GetResource({ restApiId, resourceId, embed }: Gateway.GetResourceCommandInput) {
    const resource = apis.resourceAt(apis.at(restApiId), resourceId);
    return shown(resource, embed) satisfies Answer<Gateway.GetResourceCommandOutput>;
  },

  GetResources(input: Gateway.GetResourcesCommandInput) {
    const all = [...apis.at(input.restApiId).resources.values()];
    const { items, position } = paged(all, input);
    return {
      items: items.map((resource) => shown(resource, input.embed)),
      position,
    } satisfies Answer<Gateway.GetResourcesCommandOutput>;
  },

  UpdateResource() {
    throw notModelled('moving resources of a REST API');
  },

  DeleteResource({ restApiId, resourceId }: Gateway.DeleteResourceCommandInput) {
    const api = apis.at(restApiId);
    const resource = apis.resourceAt(api, resourceId);
    if (resource.id === api.settings.rootResourceId) throw badRequest('Root resource cannot be deleted.');
    deleteTree(api, resource);
    return {} satisfies Answer<Gateway.DeleteResourceCommandOutput>;
  },
});

const PART = /^(\{[\w.:-]+\+?\}|[\w.:~$%-]+)$/;

/** Texts as recorded against AWS. */
function checkPart(api: Api, parent: Resource, pathPart: string): void {
  if (!PART.test(pathPart))
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  if (parent.pathPart?.endsWith('+}'))
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`);
  const siblings = [...api.resources.values()].filter(({ parentId }) => parentId === parent.id);
  if (siblings.some((sibling) => sibling.pathPart === pathPart))
    throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  const variable = siblings.find((sibling) => sibling.pathPart?.startsWith('{'))?.pathPart;
  if (pathPart.startsWith('{') && variable !== undefined)
    throw badRequest(
      `A sibling (${variable}) of this resource already has a variable path part -- only one is allowed`,
    );
}

function deleteTree(api: Api, resource: Resource): void {
  api.resources.delete(resource.id);
  for (const child of api.resources.values()) if (child.parentId === resource.id) deleteTree(api, child);
}

/** Methods are listed by name only, unless they are to be embedded. */
function shown({ resourceMethods, ...resource }: Resource, embed: string[] = []): Gateway.Resource {
  const names = Object.keys(resourceMethods);
  if (names.length === 0) return resource;
  const methods = embed.includes('methods')
    ? resourceMethods
    : Object.fromEntries(names.map((name) => [name, {}]));
  return { ...resource, resourceMethods: methods };
}
