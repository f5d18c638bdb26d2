/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - shikaku, one program with commands.
 */
int main(void)
{
    return 0;
}
