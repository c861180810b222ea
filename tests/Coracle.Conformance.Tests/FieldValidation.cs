namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/field_validation.go.</summary>
public sealed class FieldValidation(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Strict = "fieldManager=field_validation_mgr&fieldValidation=Strict";

    private const string SpecProperties = """
        "foo":{"type":"string"},"cronSpec":{"type":"string","pattern":"^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$"},
        "ports":{"type":"array","x-kubernetes-list-map-keys":["containerPort","protocol"],"x-kubernetes-list-type":"map","items":{"type":"object","required":["containerPort","protocol"],"properties":{
        "containerPort":{"format":"int32","type":"integer"},"hostIP":{"type":"string"},"hostPort":{"format":"int32","type":"integer"},"name":{"type":"string"},"protocol":{"type":"string"}}}}
        """;

    private const string Preserving = $$$"""{"type":"object","properties":{"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{ {{{SpecProperties}}} } } } }""";
    private const string Validating = $$$"""{"type":"object","properties":{"spec":{"type":"object","properties":{ {{{SpecProperties}}} } } } }""";

    private const string Embedding = $$$"""
        {"type":"object","properties":{"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{
        "template":{"type":"object","x-kubernetes-embedded-resource":true,"properties":{"metadata":{"type":"object","properties":{"name":{"type":"string"} } },"spec":{"type":"object"} } },
        {{{SpecProperties}}}
        } } } }
        """;

    private async Task<Answer> CreateDeployment(string meta, string spec) => await cluster.Post($"/apis/apps/v1/namespaces/{await cluster.Namespace()}/deployments?{Strict}", $$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"my-dep"{{{meta}}},"labels":{"app":"nginx"}},"spec":{ {{{spec}}}
        "selector":{"matchLabels":{"app":"nginx"}},"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"nginx:latest"}]} } } }
        """);

    /// <summary>Applies an instance of a definition with this schema.</summary>
    private async Task<Answer> Apply(string schema, string meta, string spec, string root = "")
    {
        var crd = await Crd.Define(cluster, "WishIHadChosenNoxu", schema, scope: "Cluster");
        return await cluster.Patch($"/apis/{crd.Group}/v1/{crd.Plural}/mytest?{Strict}", $"""
            apiVersion: {crd.Group}/v1
            kind: {crd.Kind}
            metadata:
              name: mytest
            {meta}  finalizers:
              - test-finalizer
            {root}spec:
            {spec}  cronSpec: "* * * * */5"
              ports:
              - name: x
                containerPort: 80
                protocol: TCP
            """, Cluster.Apply);
    }

    [Fact, Behaviour("Server side field validation, typed object")]
    public async Task Typed_object()
    {
        var refused = await CreateDeployment("", """ "unknownField":"foo","replicas":2,"replicas":3,""");
        Assert.Contains("strict decoding error: unknown field \"spec.unknownField\", duplicate field \"spec.replicas\"", refused.Is(400).Message, StringComparison.Ordinal);
    }

    [Fact, Behaviour("Server side field validation, typed unknown metadata")]
    public async Task Typed_unknown_metadata()
    {
        var refused = await CreateDeployment(""","unknownMeta":"foo" """, "");
        Assert.Contains("strict decoding error: unknown field \"metadata.unknownMeta\"", refused.Is(400).Message, StringComparison.Ordinal);
    }

    [Fact, Behaviour("Server side field validation, valid CR with validation schema")]
    public async Task Valid_CR_with_validation_schema() => (await Apply(Validating, "", "  foo: foo1\n")).Is(201);

    [Fact, Behaviour("Server side field validation, unknown fields CR no validation schema")]
    public async Task Unknown_fields_CR_no_validation_schema() => Assert.Equal("uk1", (await Apply(Crd.AllowAll, "", "  unknown: uk1\n")).Is(201)["spec.unknown"]);

    [Fact, Behaviour("Server side field validation, unknown fields CR fails validation")]
    public async Task Unknown_fields_CR_fails_validation()
    {
        var refused = await Apply(Validating, "", "  foo: foo1\n", "unknownField: unknown\n");
        Assert.Contains(".unknownField: field not declared in schema", refused.Message, StringComparison.Ordinal);
    }

    [Fact, Behaviour("Server side field validation, unknown metadata")]
    public async Task Unknown_metadata()
    {
        var refused = await Apply(Embedding, "  unknownMeta: unknown\n", "  template:\n    apiVersion: foo/v1\n    kind: Sub\n    metadata:\n      unknownSubMeta: unknown\n      name: subobject\n      namespace: default\n  foo: foo1\n");
        Assert.Contains(".spec.template.metadata.unknownSubMeta: field not declared in schema", refused.Message, StringComparison.Ordinal);
        Assert.Contains(".metadata.unknownMeta: field not declared in schema", refused.Message, StringComparison.Ordinal);
    }

    [Fact, Behaviour("Server side field validation, CR duplicates")]
    public async Task CR_duplicates()
    {
        var refused = await Apply(Preserving, "", "  foo: foo1\n  foo: foo2\n");
        Assert.Equal("error strict decoding patch: error converting YAML to JSON: yaml: unmarshal errors:\n  line 9: key \"foo\" already set in map", refused.Is(400).Message);
    }
}
