using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Rbac.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>
/// Makes the roles of an operator from what its controllers declare (For, Owns, Watches, Reads), from the <see cref="RbacAttribute"/> of its reconcilers, and from its election:
/// <code>
/// File.WriteAllText("rbac.yaml", Rbac.Manifest("backups", "backup-system", host.Rules));
/// </code>
/// </summary>
public static class Rbac
{
    /// <summary>A service account, the roles that it needs, and their bindings, as one manifest in YAML: always the same text for the same rules.</summary>
    /// <param name="name">Of all these objects.</param>
    /// <param name="ns">The service account's namespace.</param>
    /// <param name="rules">What is done: of a host, of webhooks' certificates.</param>
    public static string Manifest(string name, string ns, IEnumerable<RbacRule> rules) => string.Join("---\n", Objects(name, ns, rules).Select(json => Yaml.Write(JsonText.ToBytes(json))));

    /// <summary>Creates or changes the same objects on a server. The namespaces must be there.</summary>
    public static async Task InstallAsync(Client client, string name, string ns, IEnumerable<RbacRule> rules, CancellationToken cancel = default)
    {
        foreach (var json in Objects(name, ns, rules))
        {
            var metadata = json["metadata"]!;
            var place = new Key(metadata["namespace"]?.ToString() ?? "", name);
            await client.Dynamic(Resources[json["kind"]!.ToString()]).PatchAsync(place, Patch.Apply(json), new() { Force = true }, cancel);
        }
    }

    private static readonly IReadOnlyDictionary<string, ApiResource> Resources = new[]
    {
        ServiceAccount.Info, ClusterRole.Info, ClusterRoleBinding.Info, Role.Info, RoleBinding.Info,
    }.ToDictionary(info => info.Kind, ApiResource.Of);

    private static IEnumerable<JsonObject> Objects(string name, string ns, IEnumerable<RbacRule> rules)
    {
        yield return Object(ServiceAccount.Info, name, ns);
        foreach (var place in rules.GroupBy(r => r.Namespace).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var everywhere = place.Key.Length == 0;
            var role = Object(everywhere ? ClusterRole.Info : Role.Info, name, place.Key);
            role["rules"] = new JsonArray([.. RbacRule.Normal(place).Select(rule => ApiJson.ParseTree(ApiJson.ToBytes(rule)))]);
            yield return role;
            var binding = Object(everywhere ? ClusterRoleBinding.Info : RoleBinding.Info, name, place.Key);
            binding["roleRef"] = new JsonObject { ["apiGroup"] = ClusterRole.Info.Group, ["kind"] = role["kind"]!.DeepClone(), ["name"] = name };
            binding["subjects"] = new JsonArray(new JsonObject { ["kind"] = ServiceAccount.Info.Kind, ["name"] = name, ["namespace"] = ns });
            yield return binding;
        }
    }

    private static JsonObject Object(KindInfo kind, string name, string ns)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns.Length > 0) metadata["namespace"] = ns;
        return new() { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = metadata };
    }

    /// <summary>What a cache of a resource needs; of one object alone where it holds no other.</summary>
    internal static RbacRule Reading(Informer informer)
    {
        const string byName = "metadata.name=";
        var selected = informer.Scope.FieldSelector;
        var one = selected.StartsWith(byName, StringComparison.Ordinal) && !selected.Contains(',', StringComparison.Ordinal);
        return RbacRule.Of(informer.Resource.Group, informer.Resource.Plural, "get", "list", "watch") with { Namespace = informer.Scope.Namespace, Names = one ? [selected[byName.Length..]] : [] };
    }

    /// <summary>What a controller needs of its own kind besides: it reports in the status, and its kind owns others that wait for its end.</summary>
    internal static IEnumerable<RbacRule> Of(ApiResource main, bool hasStatus, bool owns)
    {
        if (hasStatus) yield return RbacRule.Of(main.Group, main.Plural + "/status", "get", "patch", "update");
        if (owns) yield return RbacRule.Of(main.Group, main.Plural + "/finalizers", "update");
    }
}
