using System.Text.Json.Nodes;
using Coracle.Schema.Cel;

namespace Coracle.Schema.Tests.Cel;

public sealed class CelSchemaTests
{
    private static CelSchema Object(params (string Name, CelSchema Schema)[] properties) => new()
    {
        Type = "object",
        Properties = properties.ToDictionary(p => p.Name, p => p.Schema),
    };

    private static readonly CelSchema Int = new() { Type = "integer" }, Text = new() { Type = "string" }, Number = new() { Type = "number" };

    private static void Holds(CelSchema schema, string json, string expression)
    {
        var (environment, activation) = CelCases.Self(schema, json);
        CelCases.Holds(expression, environment, activation);
    }

    [Fact]
    public void Fields_have_the_types_of_their_schemas()
    {
        var schema = Object(("min", Int), ("max", Int), ("ratio", Number), ("when", new() { Type = "string", Format = "date-time" }), ("for", new() { Type = "string", Format = "duration" }),
            ("data", new() { Type = "string", Format = "byte" }), ("port", new() { IntOrString = true }));
        Holds(schema, """{"min":1,"max":2}""", "self.min <= self.max && !has(self.ratio)");
        Holds(schema, """{"ratio":1}""", "self.ratio == 1.0 && type(self.ratio) == double");
        Holds(schema, """{"when":"2020-01-01T00:00:00Z"}""", "self.when.getFullYear() == 2020");
        Holds(schema, """{"for":"1h"}""", "self.__for__ == duration('1h')");
        Holds(schema, """{"data":"aGk="}""", "string(self.data) == 'hi'");
        Holds(schema, """{"port":"80%"}""", "type(self.port) == string && self.port == '80%'");
        Holds(schema, """{"port":80}""", "self.port == 80 && (type(self.port) == int ? self.port > 5 : false)");
    }

    [Fact]
    public void A_field_that_is_not_declared_is_told()
    {
        var environment = CelEnvironment.Kubernetes.WithVariable("self", CelDeclaration.From(Object(("a", Int)), "self")!);
        CelCases.Wrong("self.b == 1", "ERROR: <input>:1:5: undefined field 'b'", environment);
        CelCases.Wrong("self.a == 'x'", "ERROR: <input>:1:8: found no matching overload for '_==_' applied to '(int, string)'", environment);
    }

    [Fact]
    public void Names_that_are_no_identifiers_are_escaped()
    {
        Holds(Object(("a-b.c/d", Int), ("x__y", Int), ("namespace", Int)), """{"a-b.c/d":1,"x__y":2,"namespace":3}""",
            "self.a__dash__b__dot__c__slash__d == 1 && self.x__underscores__y == 2 && self.__namespace__ == 3");
    }

    [Fact]
    public void Sets_do_not_mind_their_order_and_add_to_unions()
    {
        var set = new CelSchema { Type = "array", Items = Text, ListType = "set" };
        var schema = Object(("a", set), ("b", set));
        Holds(schema, """{"a":["x","y"],"b":["y","x"]}""", "self.a == self.b");
        Holds(schema, """{"a":["x","y"],"b":["y","z"]}""", "self.a + self.b == ['x', 'y', 'z'] && size(self.a + self.b) == 3");
    }

    [Fact]
    public void Keyed_lists_do_not_mind_their_order_and_replace_by_key()
    {
        var list = new CelSchema { Type = "array", Items = Object(("k", Text), ("v", Int)), ListType = "map", ListKeys = ["k"] };
        var schema = new CelSchema { Type = "object", Values = list };
        Holds(schema, """{"a":[{"k":"x","v":1},{"k":"y","v":2}],"b":[{"k":"y","v":2},{"k":"x","v":1}]}""", "self['a'] == self['b']");
        Holds(schema, """{"a":[{"k":"x","v":1}],"b":[{"k":"x","v":2},{"k":"z","v":3}]}""", "(self['a'] + self['b']).map(e, e.v) == [2, 3]");
    }

    [Fact]
    public void Maps_are_read_by_key_and_folded()
    {
        var schema = Object(("labels", new() { Type = "object", Values = Text }));
        Holds(schema, """{"labels":{"a.b/c":"x","d":"y"}}""", "self.labels['a.b/c'] == 'x' && self.labels.all(k, self.labels[k].size() == 1) && size(self.labels) == 2 && 'd' in self.labels");
    }

    [Fact]
    public void Whole_resources_and_embedded_ones_have_names_and_kinds()
    {
        var schema = new CelSchema { Type = "object", EmbeddedResource = true, Properties = new Dictionary<string, CelSchema> { ["spec"] = Int } };
        Holds(schema, """{"apiVersion":"v1","kind":"A","metadata":{"name":"n"},"spec":1}""", "self.kind == 'A' && self.metadata.name == 'n' && self.spec == 1");
    }

    [Fact]
    public void What_nothing_is_declared_of_is_dynamic()
    {
        var environment = CelEnvironment.Kubernetes.WithVariable("object", CelType.Dyn);
        var activation = new CelActivation().Set("object", CelJson.Dynamic(JsonNode.Parse("""{"spec":{"replicas":3,"ratio":1.5,"names":["a"],"gone":null}}""")));
        CelCases.Holds("object.spec.replicas == 3 && object.spec.ratio > 1 && object.spec.names[0] == 'a' && object.spec.gone == null && !has(object.spec.other)", environment, activation);
        CelCases.Fails("object.spec.other == 3", "no such key: other", environment, activation);
        CelCases.Holds("object.spec.?other.orValue(5) == 5 && object.?nothing.there.orValue('x') == 'x'", environment, activation);
    }

    [Fact]
    public void The_schema_of_a_kind_serves_too()
    {
        var node = new SchemaNode
        {
            Type = SchemaType.Object,
            Properties = [new("replicas", new SchemaNode { Type = SchemaType.Integer }), new("names", new SchemaNode { Type = SchemaType.Array, Items = new() { Type = SchemaType.String } })],
        };
        Holds(CelSchema.From(node), """{"replicas":3,"names":["a"]}""", "self.replicas == 3 && self.names.all(n, n == 'a')");
    }

    [Fact]
    public void The_schema_of_a_custom_resource_shows_names_of_its_metadata_and_its_bounds()
    {
        static SchemaNode Node(SchemaType type, ValueChecks checks, params SchemaProperty[] properties) => new() { Type = type, Checks = checks, Properties = properties };
        var meta = new SchemaNode
        {
            Type = SchemaType.Object, Definition = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
            Properties = [new("name", PlainSchema.String), new("generateName", PlainSchema.String), new("labels", new SchemaNode { Type = SchemaType.Map, Items = PlainSchema.String })],
        };
        var text = Node(SchemaType.String, new() { Types = ["string"], MaxLength = 7 });
        var root = Node(SchemaType.Object, new() { Types = ["object"], Required = ["text", "filled"] }, new("metadata", meta), new("text", text), new("filled", new SchemaNode { Type = SchemaType.String, Checks = new() { Types = ["string"] }, NullDefault = "\"x\"" }));
        var self = CelDeclaration.From(CelSchema.From(root), "self", resourceRoot: true)!;
        Assert.Equal(28, self.Fields!["text"].MaxElements);
        Assert.Equal(2 + 4 + 2 + 4, self.MinSize);
        var environment = CelEnvironment.Kubernetes.WithVariable("self", self);
        CelCases.Program("self.metadata.name == self.kind", environment);
        CelCases.Wrong("self.metadata.labels.size() == 0", "ERROR: <input>:1:14: undefined field 'labels'", environment);
    }

    [Fact]
    public void Requests_have_their_types_and_a_name_with_dots_may_be_a_variable()
    {
        var environment = CelEnvironment.Kubernetes.WithVariable("request", CelAdmission.Request).WithVariable("namespaceObject", CelAdmission.Namespace)
            .WithVariable("authorizer", CelAuthorization.AuthorizerType).WithVariable("authorizer.requestResource", CelAuthorization.ResourceCheckType);
        var resource = new CelAuthorizationQuery { Group = "apps", Resource = "deployments", Namespace = "x", Name = "y" };
        CelAuthorize authorize = query => new(query == resource with { Verb = "update" }, "", null);
        var activation = new CelActivation()
            .Set("request", CelJson.Dynamic(JsonNode.Parse("""{"operation":"UPDATE","userInfo":{"groups":["a"],"extra":{"k":["v"]}},"dryRun":true,"kind":{"kind":"Deployment"}}""")))
            .Set("namespaceObject", CelJson.Dynamic(JsonNode.Parse("""{"metadata":{"labels":{"env":"prod"}}}""")))
            .Set("authorizer", CelAuthorization.Authorizer(authorize))
            .Set("authorizer.requestResource", CelAuthorization.RequestResource(authorize, resource));
        CelCases.Holds("request.operation == 'UPDATE' && 'a' in request.userInfo.groups && request.userInfo.extra['k'][0] == 'v' && request.dryRun && request.kind.kind == 'Deployment'", environment, activation);
        CelCases.Holds("namespaceObject.metadata.labels.env == 'prod' && authorizer.requestResource.check('update').allowed() && !authorizer.requestResource.check('get').allowed()", environment, activation);
        CelCases.Wrong("request.object == 1", "ERROR: <input>:1:8: undefined field 'object'", environment);
    }

    [Fact]
    public void Bindings_name_a_value_where_they_are_asked_for()
    {
        CelCases.Holds("cel.bind(x, [1, 2].map(y, y + 1), x.size() == 2 && x[1] == 3)", CelEnvironment.Kubernetes.WithBindings());
        CelCases.Wrong("cel.bind(x, 1, x == 1)", "ERROR: <input>:1:1: undeclared reference to 'cel' (in container '')");
    }

    [Fact]
    public void An_expression_that_costs_too_much_is_broken_off()
    {
        var result = CelCases.Run("[1, 2, 3].all(x, x > 0)", limit: 5);
        Assert.True(result.LimitExceeded);
        Assert.Equal("operation cancelled: actual cost limit exceeded", result.Error);
    }
}
