using System.Security.Cryptography;
using Coracle.ApiServer;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Coracle.Serving;

/// <summary>Switches a connection from HTTP to the protocol that was negotiated and hands it over.</summary>
internal static class Upgrades
{
    public static async Task Run(HttpContext http, UpgradeBody upgrade, CancellationToken cancel)
    {
        if (http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } feature)
        {
            await HttpAnswers.Send(http, ApiResponse.Of(ApiStatus.BadRequest("Upgrade request required")), cancel);
            return;
        }
        var headers = http.Response.Headers;
        headers.Upgrade = upgrade.Protocol;
        headers.Connection = "Upgrade";
        if (upgrade.Protocol == "websocket")
        {
            headers["Sec-WebSocket-Accept"] = AcceptKey(http.Request.Headers.SecWebSocketKey.ToString());
            if (upgrade.Subprotocol is not null) headers.SecWebSocketProtocol = upgrade.Subprotocol;
        }
        else if (upgrade.Subprotocol is not null)
        {
            headers["X-Stream-Protocol-Version"] = upgrade.Subprotocol;
        }
        http.Response.StatusCode = StatusCodes.Status101SwitchingProtocols;
        await using var stream = await feature.UpgradeAsync();
        await upgrade.Run(stream, cancel);
    }

    // RFC 6455, section 4.2.2: the hash proves that the server speaks the protocol; it protects nothing.
#pragma warning disable CA5350
    private static string AcceptKey(string key) =>
        Convert.ToBase64String(SHA1.HashData(System.Text.Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
