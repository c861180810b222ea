using Coracle.ApiServer.Access;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Admission;

/// <summary>Nobody has a policy read what he may not read.</summary>
public sealed class ParameterAccessTests : IAsyncLifetime
{
    private const string Group = "/apis/admissionregistration.k8s.io/v1/";
    private const string Matches = "\"matchConstraints\":{\"resourceRules\":[{\"operations\":[\"*\"],\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"resources\":[\"pods\"]}]}";

    private static readonly User Ann = new() { Name = "ann", Groups = ["devs"], Extra = new Dictionary<string, IReadOnlyList<string>> { ["from"] = ["here"] } };

    private Api _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await Api.StartAsync();
        await May("admissionregistration.k8s.io", "*", "*");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task May(string group, string resources, string verbs)
    {
        var name = $"{resources}-{verbs}".Replace("*", "all", StringComparison.Ordinal);
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterroles", $$"""{"metadata":{"name":"{{name}}"},"rules":[{"apiGroups":["{{group}}"],"resources":["{{resources}}"],"verbs":["{{verbs}}"]}]}""");
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            $$"""{"metadata":{"name":"{{name}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{name}}"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"ann"}]}""");
    }

    private Task<Answer> AsAnn(string method, string path, string body) => _api.Send(method, Group + path, body, new How { User = Ann });

    [Theory]
    [InlineData("validatingadmissionpolicies", "ValidatingAdmissionPolicy", "\"validations\":[{\"expression\":\"true\"}]")]
    [InlineData("mutatingadmissionpolicies", "MutatingAdmissionPolicy",
        "\"reinvocationPolicy\":\"Never\",\"mutations\":[{\"patchType\":\"ApplyConfiguration\",\"applyConfiguration\":{\"expression\":\"Object{}\"}}]")]
    public async Task A_policys_writer_must_be_allowed_to_read_all_of_its_parameters(string resource, string kind, string spec)
    {
        string Policy(string param, string more = "") => $$$"""{"metadata":{"name":"p"{{{more}}} },"spec":{ {{{Matches}}},{{{spec}}}{{{param}}} } }""";
        const string param = ",\"paramKind\":{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\"}";
        var refused = await AsAnn("POST", resource, Policy(param));
        Assert.Equal((422, "Invalid", $"{kind}.admissionregistration.k8s.io \"p\" is invalid: spec.paramKind: Forbidden: user &{{ann  [devs] map[from:[here]]}} must have \"get\" permission on all objects of the referenced paramKind (kind=ConfigMap, apiVersion=v1)"),
            refused.Status);
        var without = await AsAnn("POST", resource, Policy(""));
        Assert.Equal(201, without.Code);
        Assert.Equal(422, (await AsAnn("PUT", $"{resource}/p", Policy(param, $",\"resourceVersion\":\"{without.Version}\""))).Code);
        var byRoot = await _api.Put($"{Group}{resource}/p", Policy(param, $",\"resourceVersion\":\"{without.Version}\""));
        Assert.Equal(200, byRoot.Code);
        // What is as it was is nobody's wish.
        Assert.Equal(200, (await AsAnn("PUT", $"{resource}/p", Policy(param, $",\"labels\":{{\"a\":\"b\"}},\"resourceVersion\":\"{byRoot.Version}\""))).Code);
        await _api.Delete($"{Group}{resource}/p");
        await May("", "configmaps", "get");
        Assert.Equal(201, (await AsAnn("POST", resource, Policy(param))).Code);
    }

    [Theory]
    [InlineData("validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", ",\"validationActions\":[\"Deny\"]", "user &{ann  [devs] map[from:[here]]} does not have \"get\" permission")]
    [InlineData("mutatingadmissionpolicybindings", "MutatingAdmissionPolicyBinding", "", "user get does not have \"&{ann  [devs] map[from:[here]]}\" permission")]
    public async Task A_bindings_writer_must_be_allowed_to_read_the_object_that_it_names(string resource, string kind, string more, string why)
    {
        var policies = resource.Replace("policybindings", "policies", StringComparison.Ordinal);
        var spec = resource[0] == 'v' ? "\"validations\":[{\"expression\":\"true\"}]" : "\"reinvocationPolicy\":\"Never\",\"mutations\":[{\"patchType\":\"ApplyConfiguration\",\"applyConfiguration\":{\"expression\":\"Object{}\"}}]";
        await _api.Create(Group + policies, $$$"""{"metadata":{"name":"p"},"spec":{ {{{Matches}}},{{{spec}}},"paramKind":{"apiVersion":"v1","kind":"ConfigMap"} } }""");
        var binding = $$$"""{"metadata":{"name":"b"},"spec":{"policyName":"p"{{{more}}},"paramRef":{"name":"one","namespace":"default","parameterNotFoundAction":"Deny"} } }""";
        Assert.Equal((422, "Invalid", $"{kind}.admissionregistration.k8s.io \"b\" is invalid: spec.paramRef: Forbidden: {why} on the object referenced by paramRef"), (await AsAnn("POST", resource, binding)).Status);
        await May("", "configmaps", "get");
        Assert.Equal(201, (await AsAnn("POST", resource, binding)).Code);
    }
}
