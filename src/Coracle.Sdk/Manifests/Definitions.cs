using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>
/// Makes definitions of custom resources from annotated types, so that the type is the one place where a kind is written down:
/// <code>
/// var definition = Definitions.Of&lt;Backup&gt;();
/// await client.ApplyAsync(definition);
/// </code>
/// </summary>
public static class Definitions
{
    /// <summary>The definition of a kind with one version.</summary>
    public static CustomResourceDefinition Of<T>() where T : class, IKind<T> => Of(T.Info);

    /// <summary>The definition of a kind in several versions.</summary>
    /// <param name="stored">The version in which objects are stored.</param>
    /// <param name="others">Versions that are served as well. Their kind, group and scope must be the same.</param>
    public static CustomResourceDefinition Of(KindInfo stored, params ReadOnlySpan<KindInfo> others) =>
        ApiJson.Parse<CustomResourceDefinition>(JsonText.ToBytes(Json(stored, others)));

    /// <summary>The definition of a kind in several versions between which a webhook converts; the hub is stored.</summary>
    /// <param name="versions">What the webhook converts.</param>
    /// <param name="place">Where it is.</param>
    public static CustomResourceDefinition Of(Conversion versions, WebhookPlace place) => ApiJson.Parse<CustomResourceDefinition>(JsonText.ToBytes(Json(versions, place)));

    /// <summary>The same as a manifest in YAML, the form in which it is kept beside the code: always the same text for the same types.</summary>
    public static string Manifest(Conversion versions, WebhookPlace place) => Yaml.Write(JsonText.ToBytes(Json(versions, place)));

    /// <summary>The same as a manifest in YAML, the form in which it is kept beside the code: always the same text for the same types.</summary>
    public static string Manifest(KindInfo stored, params ReadOnlySpan<KindInfo> others) => Yaml.Write(JsonText.ToBytes(Json(stored, others)));

    /// <summary>Creates or changes definitions on a server; complete when all of them are served.</summary>
    /// <exception cref="ReconcileException">A name is taken by another definition, or one was not established in time.</exception>
    public static async Task InstallAsync(Client client, IReadOnlyList<CustomResourceDefinition> definitions, TimeSpan? limit = null, CancellationToken cancel = default)
    {
        foreach (var definition in definitions) await client.ApplyAsync(definition, cancel);
        var until = client.Time.GetUtcNow() + (limit ?? TimeSpan.FromSeconds(30));
        foreach (var definition in definitions)
            while (!IsEstablished(await client.GetAsync<CustomResourceDefinition>(new("", definition.Metadata.Name), cancel)))
            {
                if (client.Time.GetUtcNow() > until) throw new ReconcileException($"the definition {definition.Metadata.Name} was not established in time");
                await Task.Delay(TimeSpan.FromMilliseconds(100), client.Time, cancel);
            }
    }

    private static bool IsEstablished(CustomResourceDefinition definition)
    {
        var conditions = definition.Status.Conditions ?? [];
        if (conditions.Find(c => c.Type == "NamesAccepted") is { Status: "False" } refused) throw new ReconcileException($"the definition {definition.Metadata.Name}: {refused.Message}");
        return conditions.Exists(c => c is { Type: "Established", Status: "True" });
    }

    private static JsonObject Json(Conversion versions, WebhookPlace place)
    {
        var definition = Json(versions.HubInfo, [.. versions.Spokes]);
        definition["spec"]!["conversion"] = new JsonObject
        {
            ["strategy"] = "Webhook",
            ["webhook"] = new JsonObject { ["clientConfig"] = place.ClientConfig(WebhookSet.ConversionPath), ["conversionReviewVersions"] = StructuralSchema.Strings(["v1"]) },
        };
        return definition;
    }

    private static JsonObject Json(KindInfo stored, ReadOnlySpan<KindInfo> others)
    {
        var versions = new JsonArray(Version(stored, isStored: true));
        foreach (var other in others)
        {
            if (other.Kind != stored.Kind || other.Group != stored.Group || other.Namespaced != stored.Namespaced)
                throw new ArgumentException($"{other.GroupVersionKind} is no other version of {stored.GroupVersionKind}", nameof(others));
            versions.Add((JsonNode)Version(other, isStored: false));
        }
        return new()
        {
            ["apiVersion"] = CustomResourceDefinition.Info.ApiVersion,
            ["kind"] = CustomResourceDefinition.Info.Kind,
            ["metadata"] = new JsonObject { ["name"] = stored.GroupResource },
            ["spec"] = new JsonObject
            {
                ["group"] = stored.Group,
                ["names"] = Names(stored),
                ["scope"] = stored.Namespaced ? "Namespaced" : "Cluster",
                ["versions"] = versions,
            },
        };
    }

    private static JsonObject Names(KindInfo kind)
    {
        var names = new JsonObject { ["kind"] = kind.Kind, ["listKind"] = kind.ListKind, ["plural"] = kind.Plural, ["singular"] = kind.Singular };
        if (kind.ShortNames.Count > 0) names["shortNames"] = StructuralSchema.Strings(kind.ShortNames);
        if (kind.Categories.Count > 0) names["categories"] = StructuralSchema.Strings(kind.Categories);
        return names;
    }

    private static JsonObject Version(KindInfo kind, bool isStored)
    {
        var version = new JsonObject { ["name"] = kind.Version, ["served"] = true, ["storage"] = isStored, ["schema"] = new JsonObject { ["openAPIV3Schema"] = StructuralSchema.Of(kind) } };
        var more = new JsonObject();
        if (kind.HasStatus) more["status"] = new JsonObject();
        if (kind.HasScale) more["scale"] = Scale(kind);
        if (more.Count > 0) version["subresources"] = more;
        if (kind.PathColumns.Count > 0) version["additionalPrinterColumns"] = new JsonArray([.. kind.PathColumns.Select(Column)]);
        if (kind.Selectable.Count > 0) version["selectableFields"] = new JsonArray([.. kind.Selectable.Select(f => (JsonNode?)new JsonObject { ["jsonPath"] = "." + f.Path })]);
        return version;
    }

    private static JsonObject Scale(KindInfo kind)
    {
        var status = kind.Schema.Property("status")?.Node;
        var paths = kind.Scale ?? new ScalePaths(".spec.replicas", ".status.replicas", status?.Property("selector") is { Node.Type: SchemaType.String } ? ".status.selector" : null);
        var scale = new JsonObject { ["specReplicasPath"] = paths.SpecReplicas, ["statusReplicasPath"] = paths.StatusReplicas };
        if (paths.LabelSelector is { } selector) scale["labelSelectorPath"] = selector;
        return scale;
    }

    private static JsonNode? Column(PathColumn column)
    {
        var shown = new JsonObject { ["name"] = column.Column.Name, ["type"] = column.Column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Column.Description.Length > 0) shown["description"] = column.Column.Description;
        if (column.Column.Format.Length > 0) shown["format"] = column.Column.Format;
        if (column.Column.Priority > 0) shown["priority"] = column.Column.Priority;
        return shown;
    }
}
