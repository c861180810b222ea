using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused of webhook configurations and of policies of admission, in upstream's words.</summary>
public sealed class AdmissionRegistrationTests
{
    private const string Version = "admissionregistration.k8s.io/v1";
    private const string Client = "\"clientConfig\":{\"url\":\"https://a.example/x\"}";
    private const string Effects = "\"sideEffects\":\"None\"";
    private const string Reviews = "\"admissionReviewVersions\":[\"v1\"]";
    private const string Rule = """{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}""";

    [Theory]
    [InlineData("\"name\":\"a.b.c\"," + Client + "," + Effects + "," + Reviews, "")]
    [InlineData(Client + "," + Effects + "," + Reviews, "webhooks[0].name: Required value")]
    [InlineData("\"name\":\"b.c\"," + Client + "," + Effects + "," + Reviews, "webhooks[0].name: Invalid value: \"b.c\": should be a domain with at least three segments separated by dots")]
    [InlineData("\"name\":\"a.b.c\"," + Effects + "," + Reviews, "webhooks[0].clientConfig: Required value: exactly one of url or service is required")]
    [InlineData("\"name\":\"a.b.c\"," + Client + "," + Reviews, "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun")]
    [InlineData("\"name\":\"a.b.c\",\"sideEffects\":\"Some\"," + Client + "," + Reviews, "webhooks[0].sideEffects: Unsupported value: \"Some\": supported values: \"None\", \"NoneOnDryRun\"")]
    [InlineData("\"name\":\"a.b.c\"," + Client + "," + Effects, "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1")]
    [InlineData("\"name\":\"a.b.c\",\"admissionReviewVersions\":[\"v2\"]," + Client + "," + Effects, "webhooks[0].admissionReviewVersions: Invalid value: [\"v2\"]: must include at least one of v1, v1beta1")]
    [InlineData("\"name\":\"a.b.c\",\"admissionReviewVersions\":[\"v1\",\"v1\"]," + Client + "," + Effects, "webhooks[0].admissionReviewVersions[1]: Invalid value: \"v1\": duplicate version")]
    [InlineData("\"name\":\"a.b.c\",\"timeoutSeconds\":31," + Client + "," + Effects + "," + Reviews, "webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds")]
    [InlineData("\"name\":\"a.b.c\",\"failurePolicy\":\"Maybe\"," + Client + "," + Effects + "," + Reviews, "webhooks[0].failurePolicy: Unsupported value: \"Maybe\": supported values: \"Fail\", \"Ignore\"")]
    [InlineData("\"name\":\"a.b.c\",\"matchPolicy\":\"Some\"," + Client + "," + Effects + "," + Reviews, "webhooks[0].matchPolicy: Unsupported value: \"Some\": supported values: \"Equivalent\", \"Exact\"")]
    public void A_webhook_is_checked(string webhook, string expected)
    {
        foreach (var kind in (string[])["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"])
            Assert.Equal(expected, string.Join('|', Errors(Version, kind, $$$"""{"webhooks":[{{{{webhook}}}}]}""")));
    }

    [Theory]
    [InlineData("http://a.example/x", "url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]")]
    [InlineData("https:///x", "url: Invalid value: \"\": host must be specified; desired format: https://host[/path]")]
    [InlineData("https://me@a.example/x", "url: Invalid value: \"me\": user information is not permitted in the URL")]
    [InlineData("https://a.example/x#y", "url: Invalid value: \"y\": fragments are not permitted in the URL")]
    [InlineData("https://a.example/x?y", "url: Invalid value: \"y\": query parameters are not permitted in the URL")]
    [InlineData("https://10.0.0.1:8443", "")]
    public void A_webhooks_url_is_checked(string url, string expected) => Assert.Equal(
        expected.Length == 0 ? "" : "webhooks[0].clientConfig." + expected,
        string.Join('|', Errors(Version, "ValidatingWebhookConfiguration", $$$"""{"webhooks":[{"name":"a.b.c","clientConfig":{"url":"{{{url}}}"},{{{Effects}}},{{{Reviews}}} }]}""")));

    [Theory]
    [InlineData("""{"name":"s","namespace":"n"}""", "")]
    [InlineData("""{"name":"s","namespace":"n","path":"/a/b","port":8443}""", "")]
    [InlineData("""{"name":"s"}""", "service.name: Required value")]
    [InlineData("""{"name":"s","namespace":"n","port":0}""", "service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive")]
    [InlineData("""{"name":"s","namespace":"n","path":"a"}""", "service.path: Invalid value: \"a\": must start with a '/'|service.path: Invalid value: \"a\": segment[0] may not be empty")]
    [InlineData("""{"name":"s","namespace":"n","path":"/a//b"}""", "service.path: Invalid value: \"/a//b\": segment[1] may not be empty")]
    public void A_webhooks_service_is_checked(string service, string expected) => Assert.Equal(
        expected.Length == 0 ? "" : "webhooks[0].clientConfig." + expected.Replace("|", "|webhooks[0].clientConfig.", StringComparison.Ordinal),
        string.Join('|', Errors(Version, "MutatingWebhookConfiguration", $$$"""{"webhooks":[{"name":"a.b.c","clientConfig":{"service":{{{service}}} },{{{Effects}}},{{{Reviews}}} }]}""")));

    [Theory]
    [InlineData(Rule, "")]
    [InlineData("{}", "operations: Required value|apiGroups: Required value|apiVersions: Required value|resources: Required value")]
    [InlineData("""{"operations":["*","CREATE"],"apiGroups":["*","a"],"apiVersions":["*","v1"],"resources":["*"]}""",
        "operations: Invalid value: [\"*\",\"CREATE\"]: if '*' is present, must not specify other operations|apiGroups: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other API groups|apiVersions: Invalid value: [\"*\",\"v1\"]: if '*' is present, must not specify other API versions")]
    [InlineData("""{"operations":["GET"],"apiGroups":["*"],"apiVersions":["v1",""],"resources":["*"]}""",
        "operations[0]: Unsupported value: \"GET\": supported values: \"*\", \"CONNECT\", \"CREATE\", \"DELETE\", \"UPDATE\"|apiVersions[1]: Required value")]
    [InlineData("""{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["pods/*","pods/log"]}""", "resources[1]: Invalid value: \"pods/log\": if 'pods/*' is present, must not specify pods/log")]
    [InlineData("""{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*/scale","a/scale"]}""", "resources[1]: Invalid value: \"a/scale\": if '*/scale' is present, must not specify a/scale")]
    [InlineData("""{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*/*","a"]}""", "resources: Invalid value: [\"*/*\",\"a\"]: if '*/*' is present, must not specify other resources")]
    [InlineData("""{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*","a"]}""", "resources: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other resources without subresources")]
    [InlineData("""{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*"],"scope":"All"}""", "scope: Unsupported value: \"All\": supported values: \"*\", \"Cluster\", \"Namespaced\"")]
    public void A_rule_is_checked(string rule, string expected)
    {
        string Under(string path) => expected.Length == 0 ? "" : path + expected.Replace("|", "|" + path, StringComparison.Ordinal);
        Assert.Equal(Under("webhooks[0].rules[0]."), string.Join('|', Errors(Version, "MutatingWebhookConfiguration",
            $$$"""{"webhooks":[{"name":"a.b.c",{{{Client}}},{{{Effects}}},{{{Reviews}}},"rules":[{{{rule}}}]}]}""")));
        Assert.Equal(Under("spec.matchConstraints.resourceRules[0]."), string.Join('|', Errors(Version, "ValidatingAdmissionPolicy",
            $$$"""{"metadata":{"name":"p"},"spec":{"matchConstraints":{"resourceRules":[{{{rule}}}]},"validations":[{"expression":"true"}]}}""")));
    }

    [Fact]
    public void What_a_webhook_was_allowed_before_it_keeps()
    {
        const string odd = """{"webhooks":[{"name":"a.b.c","clientConfig":{"url":"https://a.example"},"sideEffects":"Some","admissionReviewVersions":["v9"],"namespaceSelector":{"matchLabels":{"a":"_"}}}]}""";
        Assert.Equal(3, Errors(Version, "ValidatingWebhookConfiguration", odd).Length);
        Assert.Empty(Changes(Version, "ValidatingWebhookConfiguration", odd, odd));
    }

    [Theory]
    [InlineData("""{"matchConstraints":{"resourceRules":[RULE]},"validations":[{"expression":"true"}]}""", "")]
    [InlineData("{}", "spec.matchConstraints: Required value|spec.validations: Required value: validations or auditAnnotations must contain at least one item|spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item")]
    [InlineData("""{"matchConstraints":{},"validations":[{"expression":"true"}]}""", "spec.matchConstraints.resourceRules: Required value")]
    [InlineData("""{"matchConstraints":{"resourceRules":[RULE]},"validations":[{"expression":" ","message":" ","reason":"Mine"}]}""",
        "spec.validations[0].expression: Required value: expression is not specified|spec.validations[0].message: Invalid value: \" \": message must be non-empty if specified|spec.validations[0].reason: Unsupported value: \"Mine\": supported values: \"Forbidden\", \"Invalid\", \"RequestEntityTooLarge\"")]
    [InlineData("""{"matchConstraints":{"resourceRules":[RULE]},"validations":[{"expression":"true","message":"a\nb"}]}""", "spec.validations[0].message: Invalid value: \"a\\nb\": message must not contain line breaks")]
    [InlineData("""{"matchConstraints":{"resourceRules":[RULE]},"validations":[{"expression":"true"}],"paramKind":{"apiVersion":"a/b/c"}}""",
        "spec.paramKind.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c|spec.paramKind.kind: Required value")]
    [InlineData("""{"matchConstraints":{"resourceRules":[RULE]},"validations":[{"expression":"true"}],"variables":[{"name":"in","expression":"1"}]}""",
        "spec.variables[0].name: Invalid value: \"in\": name is not a valid CEL identifier")]
    [InlineData("""{"matchConstraints":{"resourceRules":[RULE]},"auditAnnotations":[{"key":"k","valueExpression":"'a'"},{"key":"k","valueExpression":"'a'"}]}""", "spec.auditAnnotations[1].key: Duplicate value: \"k\"")]
    [InlineData("""{"matchConstraints":{"resourceRules":[RULE]},"validations":[{"expression":"true"}],"matchConditions":[{"name":"a","expression":"true"},{"name":"a","expression":" "}]}""",
        "spec.matchConditions[1].expression: Required value|spec.matchConditions[1].name: Duplicate value: \"a\"")]
    public void A_policy_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|',
        Errors(Version, "ValidatingAdmissionPolicy", $$$"""{"metadata":{"name":"p"},"spec":{{{spec.Replace("RULE", Rule, StringComparison.Ordinal)}}} }""")));

    [Theory]
    [InlineData("""{"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'remove', path: '/spec'}]"}}""", "")]
    [InlineData("""{"jsonPatch":{"expression":"[]"}}""", "spec.mutations[0].patchType: Required value")]
    [InlineData("""{"patchType":"JSONPatch"}""", "spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch")]
    [InlineData("""{"patchType":"ApplyConfiguration","jsonPatch":{"expression":"[]"}}""",
        "spec.mutations[0].applyConfiguration: Required value: must be specified when patchType is ApplyConfiguration|spec.mutations[0].jsonPatch: Invalid value: \"{jsonPatch}\": must not be specified when patchType is ApplyConfiguration")]
    [InlineData("""{"patchType":"Merge"}""", "spec.mutations[0].patchType: Unsupported value: \"Merge\": supported values: \"ApplyConfiguration\", \"JSONPatch\"")]
    public void A_mutation_is_checked(string mutation, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "MutatingAdmissionPolicy",
        $$$"""{"metadata":{"name":"p"},"spec":{"reinvocationPolicy":"Never","matchConstraints":{"resourceRules":[{{{Rule}}}]},"mutations":[{{{mutation}}}]}}""")));

    [Theory]
    [InlineData("""{"policyName":"p","validationActions":["Deny"]}""", "")]
    [InlineData("{}", "spec.policyName: Required value|spec.validationActions: Required value: at least one validation action is required")]
    [InlineData("""{"policyName":"p","validationActions":["Deny","Warn"]}""",
        "spec.validationActions: Invalid value: [\"Deny\",\"Warn\"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)")]
    [InlineData("""{"policyName":"p","validationActions":["Log"]}""", "spec.validationActions[0]: Unsupported value: \"Log\": supported values: \"Audit\", \"Deny\", \"Warn\"")]
    [InlineData("""{"policyName":"p","validationActions":["Audit"],"paramRef":{}}""", "spec.paramRef: Required value: one of name or selector must be specified|spec.paramRef.parameterNotFoundAction: Required value")]
    [InlineData("""{"policyName":"p","validationActions":["Audit"],"paramRef":{"name":"a","selector":{},"parameterNotFoundAction":"Wait"}}""",
        "spec.paramRef.name: Forbidden: name and selector are mutually exclusive|spec.paramRef.selector: Forbidden: name and selector are mutually exclusive|spec.paramRef.parameterNotFoundAction: Unsupported value: \"Wait\": supported values: \"Deny\", \"Allow\"")]
    public void A_binding_is_checked(string spec, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors(Version, "ValidatingAdmissionPolicyBinding", $$$"""{"spec":{{{spec}}} }""")));
}
