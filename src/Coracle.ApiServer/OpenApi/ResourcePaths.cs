using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>
/// The paths of one resource: of the collection, in one namespace and in all, of its objects, and the old ones of watches (upstream: apiserver, pkg/endpoints/installer.go).
/// </summary>
internal sealed class ResourcePaths(ServedApi api, KindInfo kind)
{
    private static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    private readonly IReadOnlyList<string> _verbs = kind.Verbs.Count > 0 ? kind.Verbs : AllVerbs;
    private readonly string _root = kind.Group.Length == 0 ? $"/api/{kind.Version}" : $"/apis/{kind.Group}/{kind.Version}";
    private readonly string _names = OperationNames.GroupVersion(kind.Group, kind.Version);
    private readonly string _tag = OperationNames.Tag(kind.Group, kind.Version);
    private readonly string _scope = kind.Namespaced ? "Namespaced" : "";
    private readonly string _folder = kind.Namespaced ? "/namespaces/{namespace}" : "";
    private readonly PublishedParameter[] _place = kind.Namespaced ? [Parameters.Namespace] : [];
    private PublishedParameter[] Place(bool named) => named ? [.. _place, Parameters.Name(kind.Kind)] : _place;

    public IEnumerable<PublishedPath> All()
    {
        var collection = $"{_root}{_folder}/{kind.Plural}";
        var watched = $"{_root}/watch{_folder}/{kind.Plural}";
        var found = new List<(string Path, IEnumerable<PublishedOperation> Operations)>
        {
            (collection, Collection()),
            ($"{collection}/{{name}}", Object()),
        };
        if (kind.Namespaced && Can("list")) found.Add(($"{_root}/{kind.Plural}", [List($"list{_names}{kind.Kind}ForAllNamespaces", [])]));
        if (Can("watch") && kind.BuiltIn)
        {
            found.Add((watched, [Watch($"watch{_names}{_scope}{kind.Kind}List", "watchlist", Place(false))]));
            found.Add(($"{watched}/{{name}}", [Watch($"watch{_names}{_scope}{kind.Kind}", "watch", Place(true))]));
            if (kind.Namespaced) found.Add(($"{_root}/watch/{kind.Plural}", [Watch($"watch{_names}{kind.Kind}ListForAllNamespaces", "watchlist", [])]));
        }
        foreach (var sub in api.Subresources(kind)) found.AddRange(SubresourcePaths($"{collection}/{{name}}/{sub.Name}", sub));
        return found.Select(p => new KeyValuePair<string, List<PublishedOperation>>(p.Path, [.. p.Operations])).Where(p => p.Value.Count > 0).Select(p => new PublishedPath(p.Key, p.Value));
    }

    private bool Can(string verb) => _verbs.Contains(verb);

    private PublishedOperation Operation(string method, string id, string action, string description) =>
        new(method, id, description) { Tag = _tag, Action = action, Kind = kind.GroupVersionKind, Consumes = kind.BuiltIn ? MediaTypes.Any : MediaTypes.CustomObjects, Produces = kind.BuiltIn ? MediaTypes.Objects : MediaTypes.CustomObjects };

    private PublishedOperation List(string id, IEnumerable<PublishedParameter> place) => Operation("get", id, "list", $"The objects of kind {kind.Kind}, or their changes.") with
    {
        Parameters = [.. place, .. Parameters.List], Produces = MediaTypes.Streams, Content = ListSchema.Of(kind),
    };

    private PublishedOperation Watch(string id, string action, IEnumerable<PublishedParameter> place) =>
        Operation("get", id, action, $"Changes of {kind.Kind}. An old form: the parameter \"watch\" of a list does the same{(action == "watch" ? ", with a field selector for one object" : "")}.") with
        {
            Parameters = [.. place, .. Parameters.List], Produces = MediaTypes.Streams, Content = WatchEvent.Schema,
        };

    private IEnumerable<PublishedOperation> Collection()
    {
        if (Can("deletecollection"))
        {
            yield return Operation("delete", $"delete{_names}Collection{_scope}{kind.Kind}", "deletecollection", $"Deletes every selected {kind.Kind}.") with
            {
                Parameters = [.. Place(false), .. Parameters.DeleteCollection], Body = Kinds.Meta.V1.DeleteOptions.Schema, Content = Status.Schema,
            };
        }
        if (Can("list")) yield return List($"list{_names}{_scope}{kind.Kind}", Place(false));
        if (Can("create")) yield return Create($"create{_names}{_scope}{kind.Kind}", $"Creates a {kind.Kind}.", kind.GroupVersionKind, Place(false));
    }

    private IEnumerable<PublishedOperation> Object()
    {
        if (Can("delete"))
        {
            yield return Operation("delete", $"delete{_names}{_scope}{kind.Kind}", "delete", $"Deletes a {kind.Kind}.") with
            {
                Parameters = [.. Place(true), .. Parameters.Delete], Body = Kinds.Meta.V1.DeleteOptions.Schema, Codes = [200, 202], Content = kind.ReturnDeleted ? kind.Schema : Status.Schema,
            };
        }
        foreach (var operation in Verbs(_verbs, "", kind.GroupVersionKind)) yield return operation;
    }

    /// <summary>Get, patch and update of an object, or of one of its sub-resources.</summary>
    private IEnumerable<PublishedOperation> Verbs(IReadOnlyList<string> verbs, string sub, GroupVersionKind spoken)
    {
        var (name, schema) = ($"{_names}{_scope}{kind.Kind}{OperationNames.Capital(sub)}", api.Schema(spoken, kind));
        var what = sub.Length == 0 ? $"a {kind.Kind}" : $"the {sub} of a {kind.Kind}";
        if (verbs.Contains("get"))
            yield return Operation("get", $"read{name}", "get", $"Reads {what}.") with { Kind = spoken, Parameters = [.. Place(true), .. Parameters.Get], Content = schema };
        if (verbs.Contains("patch"))
        {
            yield return Operation("patch", $"patch{name}", "patch", $"Changes {what} in part.") with
            {
                Kind = spoken, Parameters = [.. Place(true), .. Parameters.Patch], Body = PublishedTypes.Patch, BodyRequired = true, Consumes = kind.BuiltIn ? MediaTypes.Patches : MediaTypes.CustomPatches, Codes = [200, 201], Content = schema,
            };
        }
        if (verbs.Contains("update"))
        {
            yield return Operation("put", $"replace{name}", "put", $"Replaces {what}.") with
            {
                Kind = spoken, Parameters = [.. Place(true), .. Parameters.Write], Body = schema, BodyRequired = true, Codes = [200, 201], Content = schema,
            };
        }
    }

    private PublishedOperation Create(string id, string description, GroupVersionKind spoken, IEnumerable<PublishedParameter> place)
    {
        var schema = api.Schema(spoken, kind);
        return Operation("post", id, "post", description) with
        {
            Kind = spoken, Parameters = [.. place, .. Parameters.Write], Body = schema, BodyRequired = true, Codes = [200, 201, 202], Content = schema,
        };
    }

    private IEnumerable<(string Path, IEnumerable<PublishedOperation> Operations)> SubresourcePaths(string path, ServedSubresource sub)
    {
        var title = OperationNames.Capital(sub.Name);
        if (Parameters.Connections.TryGetValue(sub.Kind.Kind, out var options))
        {
            var isProxy = sub.Kind.Kind.EndsWith("ProxyOptions", StringComparison.Ordinal);
            yield return (path, Connect(sub, title, [.. Place(true), .. options], isProxy));
            if (isProxy) yield return ($"{path}/{{path}}", Connect(sub, title + "WithPath", [.. Place(true), Parameters.Rest, .. options], isProxy));
        }
        else if (sub.Name == "log")
        {
            yield return (path, [Operation("get", $"read{_names}{_scope}{kind.Kind}{title}", "get", $"Reads the log of a {kind.Kind}.") with
            {
                Parameters = [.. Place(true), .. Parameters.Log], Produces = MediaTypes.Log, Content = PlainSchema.String,
            }]);
        }
        else
        {
            var operations = Verbs(sub.Verbs, sub.Name, sub.Kind);
            yield return (path, sub.Verbs.Contains("create")
                ? operations.Append(Create($"create{_names}{_scope}{kind.Kind}{title}", $"Posts the {sub.Name} of a {kind.Kind}.", sub.Kind, Place(true))) : operations);
        }
    }

    private IEnumerable<PublishedOperation> Connect(ServedSubresource sub, string title, PublishedParameter[] parameters, bool isProxy)
    {
        string[] methods = isProxy ? ["delete", "get", "head", "options", "patch", "post", "put"] : ["get", "post"];
        return methods.Select(method => Operation(method, $"connect{_names}{OperationNames.Capital(method)}{_scope}{kind.Kind}{title}", "connect", $"Connects to the {sub.Name} of a {kind.Kind}.") with
        {
            Kind = sub.Kind, Parameters = parameters, Produces = MediaTypes.Any, Content = PlainSchema.String,
        });
    }
}
