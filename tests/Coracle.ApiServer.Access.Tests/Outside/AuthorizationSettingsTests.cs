namespace Coracle.ApiServer.Access.Tests;

public sealed class AuthorizationSettingsTests
{
    private static readonly OutsideConnection Somewhere = new(new Uri("https://authz.example.com/authorize"));

    private static string Error(string authorizers)
    {
        AuthorizationSettings.Parse($"{{apiVersion: apiserver.config.k8s.io/v1, kind: AuthorizationConfiguration, authorizers: [{authorizers}]}}",
            file => file == "/gone" ? (null, "error loading file: stat /gone: no such file or directory") : (Somewhere, ""), out var error);
        return error;
    }

    private const string Good = "timeout: 3s, subjectAccessReviewVersion: v1, failurePolicy: Deny, connectionInfo: {type: KubeConfigFile, kubeConfigFile: /f}";

    [Theory]
    [InlineData("", "authorizers: Required value: at least one authorization mode must be defined")]
    [InlineData("{name: a}", "authorizers[0].type: Required value")]
    [InlineData("{type: Magic, name: a}", "authorizers[0].type: Unsupported value: \"Magic\": supported values: \"AlwaysAllow\", \"AlwaysDeny\", \"Node\", \"RBAC\", \"Webhook\"")]
    [InlineData("{type: RBAC, name: a}, {type: RBAC, name: b}", "authorizers[1].type: Duplicate value: \"RBAC\"")]
    [InlineData("{type: RBAC}", "authorizers[0].name: Required value")]
    [InlineData("{type: RBAC, name: a}, {type: Node, name: a}", "authorizers[1].name: Duplicate value: \"a\"")]
    [InlineData("{type: RBAC, name: a, webhook: {}}", "authorizers[0].webhook: Invalid value: \"non-null\": may only be specified when type=Webhook")]
    [InlineData("{type: Webhook, name: a}", "authorizers[0].webhook: Required value: required when type=Webhook")]
    [InlineData("{type: Webhook, name: a, webhook: {" + Good + "}}", "")]
    [InlineData("{type: Webhook, name: a, webhook: {timeout: 31s, subjectAccessReviewVersion: v1, failurePolicy: Deny, connectionInfo: {type: InClusterConfig}}}", "authorizers[0].timeout: Invalid value: \"31s\": must be > 0s and <= 30s")]
    [InlineData("{type: Webhook, name: a, webhook: {subjectAccessReviewVersion: v2, failurePolicy: Maybe, connectionInfo: {type: InClusterConfig}}}",
        "[authorizers[0].timeout: Required value, authorizers[0].subjectAccessReviewVersion: Unsupported value: \"v2\": supported values: \"v1\", \"v1beta1\", authorizers[0].failurePolicy: Unsupported value: \"Maybe\": supported values: \"NoOpinion\", \"Deny\"]")]
    [InlineData("{type: Webhook, name: a, webhook: {" + Good + ", matchConditions: [{expression: 'true'}]}}", "authorizers[0].matchConditionSubjectAccessReviewVersion: Required value: required if match conditions are specified")]
    [InlineData("{type: Webhook, name: a, webhook: {" + Good + ", matchConditionSubjectAccessReviewVersion: v1, matchConditions: [{expression: request.user}]}}",
        "authorizers[0].matchConditions[0].expression: Invalid value: \"request.user\": must evaluate to bool but got string")]
    [InlineData("{type: Webhook, name: a, webhook: {timeout: 3s, subjectAccessReviewVersion: v1, failurePolicy: Deny, connectionInfo: {type: KubeConfigFile, kubeConfigFile: f}}}",
        "authorizers[0].connectionInfo.kubeConfigFile: Invalid value: \"f\": must be an absolute path")]
    [InlineData("{type: Webhook, name: a, webhook: {timeout: 3s, subjectAccessReviewVersion: v1, failurePolicy: Deny, connectionInfo: {type: KubeConfigFile, kubeConfigFile: /gone}}}",
        "authorizers[0].connectionInfo.kubeConfigFile: Invalid value: \"/gone\": error loading file: stat /gone: no such file or directory")]
    [InlineData("{type: RBAC, name: a, extra: b}", "strict decoding error: unknown field \"authorizers[0].extra\"")]
    public void What_is_wrong_is_told_in_upstreams_words(string authorizers, string error) => Assert.Equal(error, Error(authorizers));
}
