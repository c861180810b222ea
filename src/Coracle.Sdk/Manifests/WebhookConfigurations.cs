using System.Text.Json.Nodes;
using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>Makes the configurations by which a server asks the webhooks of a set, from what is said of the handlers: their kinds and their <see cref="WebhookAttribute"/>.</summary>
public static class WebhookConfigurations
{
    /// <summary>Those that may change objects; null where there is none.</summary>
    /// <param name="webhooks">The handlers.</param>
    /// <param name="name">The configuration's name.</param>
    /// <param name="place">Where they are served.</param>
    public static MutatingWebhookConfiguration? Mutating(WebhookSet webhooks, string name, WebhookPlace place) =>
        Json(webhooks, name, place, mutating: true) is { } json ? ApiJson.Parse<MutatingWebhookConfiguration>(JsonText.ToBytes(json)) : null;

    /// <summary>Those that allow or refuse; null where there is none.</summary>
    public static ValidatingWebhookConfiguration? Validating(WebhookSet webhooks, string name, WebhookPlace place) =>
        Json(webhooks, name, place, mutating: false) is { } json ? ApiJson.Parse<ValidatingWebhookConfiguration>(JsonText.ToBytes(json)) : null;

    /// <summary>Both as one manifest in YAML: always the same text for the same handlers.</summary>
    public static string Manifest(WebhookSet webhooks, string name, WebhookPlace place) =>
        string.Join("---\n", new[] { Json(webhooks, name, place, mutating: true), Json(webhooks, name, place, mutating: false) }.OfType<JsonObject>().Select(json => Yaml.Write(JsonText.ToBytes(json))));

    /// <summary>Creates or changes the configurations on a server. Those that are not needed any more are deleted.</summary>
    public static async Task InstallAsync(Client client, WebhookSet webhooks, string name, WebhookPlace place, CancellationToken cancel = default)
    {
        if (Mutating(webhooks, name, place) is { } mutating) await client.ApplyAsync(mutating, cancel);
        else await client.DeleteAsync<MutatingWebhookConfiguration>(new Key(name), cancel: cancel);
        if (Validating(webhooks, name, place) is { } validating) await client.ApplyAsync(validating, cancel);
        else await client.DeleteAsync<ValidatingWebhookConfiguration>(new Key(name), cancel: cancel);
    }

    private static JsonObject? Json(WebhookSet webhooks, string name, WebhookPlace place, bool mutating)
    {
        var hooks = webhooks.Declarations.Where(d => d.Mutating == mutating).Select(d => (JsonNode?)Webhook(d, place)).ToArray();
        var info = mutating ? MutatingWebhookConfiguration.Info : ValidatingWebhookConfiguration.Info;
        return hooks.Length == 0 ? null : new() { ["apiVersion"] = info.ApiVersion, ["kind"] = info.Kind, ["metadata"] = new JsonObject { ["name"] = name }, ["webhooks"] = new JsonArray(hooks) };
    }

    private static JsonObject Webhook(WebhookDeclaration declaration, WebhookPlace place)
    {
        var hook = new JsonObject
        {
            ["name"] = declaration.Name,
            ["clientConfig"] = place.ClientConfig(declaration.Path),
            ["rules"] = new JsonArray([.. declaration.Rules.Select(Tree)]),
            ["failurePolicy"] = declaration.FailurePolicy,
            ["matchPolicy"] = declaration.MatchPolicy,
            ["sideEffects"] = declaration.SideEffects,
            ["timeoutSeconds"] = declaration.TimeoutSeconds,
            ["admissionReviewVersions"] = StructuralSchema.Strings(["v1"]),
        };
        if (declaration.Mutating && declaration.ReinvocationPolicy != "Never") hook["reinvocationPolicy"] = declaration.ReinvocationPolicy;
        if (declaration.NamespaceSelector is { } namespaces) hook["namespaceSelector"] = Tree(namespaces);
        if (declaration.ObjectSelector is { } objects) hook["objectSelector"] = Tree(objects);
        if (declaration.MatchConditions.Count > 0) hook["matchConditions"] = new JsonArray([.. declaration.MatchConditions.Select(Tree)]);
        return hook;
    }

    private static JsonNode? Tree<T>(T value) where T : class, IApiType<T> => ApiJson.ParseTree(ApiJson.ToBytes(value));
}
