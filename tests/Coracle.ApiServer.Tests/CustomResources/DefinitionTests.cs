using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.CustomResources;

/// <summary>What a definition must be, in upstream's words.</summary>
public sealed class DefinitionTests
{
    private const string Good = """
        {"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[{"name":"v1","served":true,"storage":true,
        "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string"}}}}}}}]}}
        """;

    private const string Schema = "spec.versions[0].schema.openAPIV3Schema";

    [Theory]
    [InlineData("\"scope\":\"Namespaced\"", "\"scope\":\"Global\"", "spec.scope: Unsupported value: \"Global\": supported values: \"Cluster\", \"Namespaced\"")]
    [InlineData("\"kind\":\"Widget\"", "\"kind\":\"Widget\",\"listKind\":\"Widget\"", "spec.names.listKind: Invalid value: \"Widget\": kind and listKind may not be the same")]
    [InlineData("\"name\":\"v1\"", "\"name\":\"1\"", "spec.versions[0].name: Invalid value: \"1\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
        + "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("\"widgets.example.com\"", "\"gadgets.example.com\"", "metadata.name: Invalid value: \"gadgets.example.com\": must be spec.names.plural+\".\"+spec.group")]
    [InlineData("{\"type\":\"string\"}", "{}", Schema + ".properties[spec].properties[a].type: Required value: must not be empty for specified object fields")]
    [InlineData("{\"type\":\"string\"}", "{\"type\":\"array\"}", Schema + ".properties[spec].properties[a].items: Required value: must be specified")]
    [InlineData("{\"type\":\"string\"}", "{\"type\":\"string\",\"default\":5}", Schema + ".properties[spec].properties[a].default: Invalid value: \"integer\": "
        + " in body must be of type string: \"integer\"")]
    [InlineData("{\"type\":\"string\"}", "{\"type\":\"string\",\"anyOf\":[{\"type\":\"string\"}]}", Schema + ".properties[spec].properties[a].anyOf[0].type: Forbidden: must be empty to be structural")]
    [InlineData("{\"type\":\"string\"}", "{\"type\":\"string\",\"uniqueItems\":true}", Schema + ".properties[spec].properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic")]
    [InlineData("{\"type\":\"string\"}", "{\"type\":\"array\",\"x-kubernetes-list-type\":\"map\",\"items\":{\"type\":\"object\"}}",
        Schema + ".properties[spec].properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map")]
    [InlineData("{\"type\":\"string\"}", "{\"type\":\"string\",\"pattern\":\"(\"}", Schema + ".properties[spec].properties[a].pattern: Invalid value: \"(\": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `(`")]
    [InlineData("\"storage\":true", "\"storage\":true,\"additionalPrinterColumns\":[{\"name\":\"A\",\"type\":\"text\",\"jsonPath\":\"spec\"}]",
        "spec.versions[0].additionalPrinterColumns[0].type: Invalid value: \"text\": must be one of boolean,date,integer,number,string | spec.versions[0].additionalPrinterColumns[0].JSONPath: Invalid value: \"spec\": must be a simple json path starting with .")]
    [InlineData("\"storage\":true", "\"storage\":true,\"selectableFields\":[{\"jsonPath\":\".spec\"}]",
        "spec.versions[0].selectableFields[0].jsonPath: Invalid value: \".spec\": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.")]
    [InlineData("\"storage\":true", "\"storage\":true,\"subresources\":{\"scale\":{\"specReplicasPath\":\".status.a\",\"statusReplicasPath\":\".status.b\"}}",
        "spec.versions[0].subresources.scale.specReplicasPath: Invalid value: \".status.a\": should be a json path under .spec")]
    [InlineData("\"scope\":", "\"preserveUnknownFields\":true,\"scope\":", "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead")]
    [InlineData("\"scope\":", "\"conversion\":{\"strategy\":\"Webhook\"},\"scope\":",
        "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook | spec.conversion.conversionReviewVersions: Required value")]
    public async Task A_definition_that_cannot_be_is_refused(string part, string instead, string expected)
    {
        await using var crds = await Crds.StartAsync();
        var refused = await crds.Api.Post(Crds.Definitions, Good.Replace(part, instead, StringComparison.Ordinal));
        var errors = expected.Split(" | ");
        var all = errors.Length == 1 ? errors[0] : $"[{string.Join(", ", errors)}]";
        Assert.Equal((422, $"CustomResourceDefinition.apiextensions.k8s.io \"{(expected.StartsWith("metadata", StringComparison.Ordinal) ? "gadgets" : "widgets")}.example.com\" is invalid: {all}"), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task Groups_of_the_project_itself_say_who_approved_them()
    {
        await using var crds = await Crds.StartAsync();
        var refused = await crds.Api.Post(Crds.Definitions, Good.Replace("example.com", "example.k8s.io", StringComparison.Ordinal));
        Assert.Equal("CustomResourceDefinition.apiextensions.k8s.io \"widgets.example.k8s.io\" is invalid: metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval "
            + "annotation \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111", refused.Message);
        await crds.Api.Create(Crds.Definitions, Good.Replace("example.com", "example.k8s.io", StringComparison.Ordinal)
            .Replace("\"metadata\":{", "\"metadata\":{\"annotations\":{\"api-approved.kubernetes.io\":\"unapproved, a test\"},", StringComparison.Ordinal));
        var condition = await crds.Condition("widgets.example.k8s.io", "KubernetesAPIApprovalPolicyConformant", "False");
        Assert.Equal(("UnapprovedAnnotation", "not approved: \"unapproved, a test\""), ((string?)condition["reason"], (string?)condition["message"]));
    }

    [Fact]
    public async Task What_names_objects_cannot_be_changed_once_they_may_be_there()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Good);
        var changed = await crds.Api.Patch($"{Crds.Definitions}/widgets.example.com", """{"spec":{"scope":"Cluster","names":{"kind":"Gadget"}}}""");
        Assert.Equal("CustomResourceDefinition.apiextensions.k8s.io \"widgets.example.com\" is invalid: [spec.scope: Invalid value: \"Cluster\": field is immutable, spec.names.kind: Invalid value: \"Gadget\": field is immutable]",
            changed.Message);
        var gone = await crds.Api.Patch($"{Crds.Definitions}/widgets.example.com", """[{"op":"replace","path":"/spec/versions/0/name","value":"v2"}]""", Api.JsonPatch);
        Assert.Equal("CustomResourceDefinition.apiextensions.k8s.io \"widgets.example.com\" is invalid: status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was previously a storage version, "
            + "and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions", gone.Message);
    }

    [Fact]
    public async Task Formats_that_nobody_knows_are_warned_of()
    {
        await using var crds = await Crds.StartAsync();
        var created = await crds.Api.Create(Crds.Definitions, Good.Replace("{\"type\":\"string\"}", "{\"type\":\"string\",\"format\":\"colour\"}", StringComparison.Ordinal));
        Assert.Equal(["unrecognized format \"colour\""], created.Warnings);
    }
}
